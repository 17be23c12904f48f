import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bus, connectBus } from '@asi/bus';
import type { Clock } from '@asi/contracts';
import { startEmbeddedServers } from '@asi/lab/embedded-servers';
import { type Database, openDatabase } from '@asi/store';

/** Real servers for a director in a test, in a folder that is gone when they have ended. */
export type StartedStores = { readonly bus: Bus; readonly database: Database; end(): Promise<void> };

export async function startStores(clock: Clock): Promise<StartedStores> {
  const home = await mkdtemp(join(tmpdir(), 'asi-director-'));
  const servers = await startEmbeddedServers({ home });
  const bus = await connectBus({ url: servers.natsUrl, source: 'director/test', clock });
  const database = await openDatabase(servers.mongodbUrl);
  return {
    bus,
    database,
    end: async () => {
      await bus.close();
      await database.close();
      await servers.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
