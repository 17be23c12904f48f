import { openReading } from '@asi/reading';
import { insertSampleCampaign, sampleCampaign } from '@asi/reading/testing';
import { openDatabase } from '@asi/store';
import { expect, onTestFinished, test } from 'vitest';
import { startEmbeddedServers } from '../../stack/embedded-servers.ts';
import { temporaryFolder } from '../../stack/testing/temporary-home.ts';
import { gatherReport } from '../report-data.ts';
import { methodSection } from './method-section.ts';

test('what costs runner time and stands in no sum is named: the cost of a campaign would look whole', async () => {
  const servers = await startEmbeddedServers({ home: temporaryFolder() });
  onTestFinished(() => servers.stop());
  const database = await openDatabase(servers.mongodbUrl);
  await insertSampleCampaign(database, sampleCampaign({ candidates: 6, wanted: 6, underWay: 0, state: 'finished' }));
  await database.close();
  const reading = await openReading({ ...servers, source: 'lab/test' });
  onTestFinished(() => reading.close());
  const data = await gatherReport(reading, 'c001', new Date(0));
  if (!data) throw new Error('the sample is a campaign');
  const [sentence = ''] = /Not counted are [^.]*\./.exec(methodSection(data).markup) ?? [];
  expect(data.costs.baselines.certificates.certificates, 'once counted, they are not to be named').toBe(0);
  for (const part of ['thrown away', 'given up', 'baselines', 'engineer', 'probes']) expect(sentence).toContain(part);
});
