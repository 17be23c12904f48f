import { openReading, type Reading } from '@asi/reading';
import { insertSampleCampaign, type SampleCampaign } from '@asi/reading/testing';
import { openDatabase } from '@asi/store';
import { onTestFinished } from 'vitest';
import { startEmbeddedServers } from '../stack/embedded-servers.ts';
import { temporaryFolder } from '../stack/testing/temporary-home.ts';

/** A reading of real servers that hold a sample campaign; all of it is gone when the test has ended. Only inside a test. */
export async function readSample(sample: SampleCampaign): Promise<Reading> {
  const servers = await startEmbeddedServers({ home: temporaryFolder() });
  onTestFinished(() => servers.stop());
  const database = await openDatabase(servers.mongodbUrl);
  await insertSampleCampaign(database, sample);
  await database.close();
  const reading = await openReading({ ...servers, source: 'lab/test' });
  onTestFinished(() => reading.close());
  return reading;
}
