import { type Bus, connectBus } from '@asi/bus';
import { insertSampleCampaign, publishSampleJournal, type SampleCampaign } from '@asi/reading/testing';
import { type Database, openDatabase } from '@asi/store';
import { startEmbeddedServers } from '../stack/embedded-servers.ts';

/** Leaves these campaigns, and what `more` adds, in the files of a stopped laboratory. */
export async function keepSamples(
  data: string,
  samples: readonly SampleCampaign[],
  more: (house: { readonly bus: Bus; readonly database: Database }) => Promise<unknown> = async () => undefined,
): Promise<void> {
  const servers = await startEmbeddedServers({ home: data });
  const database = await openDatabase(servers.mongodbUrl);
  const bus = await connectBus({ url: servers.natsUrl, source: 'sample/1' });
  for (const sample of samples) {
    await insertSampleCampaign(database, sample);
    await publishSampleJournal(bus, sample);
  }
  await more({ bus, database });
  await bus.close();
  await database.close();
  await servers.stop();
}
