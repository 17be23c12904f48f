import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bus, connectBus } from '@asi/bus';
import { openReading, type Reading } from '@asi/reading';
import { type Database, openDatabase } from '@asi/store';
import { startEmbeddedServers } from '../stack/embedded-servers.ts';
import { captureCli } from './captured-context.ts';
import { startStubDirector } from './stub-director.ts';

export type StubLaboratory = {
  readonly home: string;
  /** The director's. */
  readonly bus: Bus;
  readonly database: Database;
  readonly reading: Reading;
  /** With servers of one's own, commands that change something need no stack of this machine. */
  asi(...args: string[]): ReturnType<typeof captureCli>;
  stop(): Promise<void>;
};

/** Real servers and a director that answers commands without any experiment. */
export async function startStubLaboratory(name: string): Promise<StubLaboratory> {
  const home = mkdtempSync(join(tmpdir(), `asi-${name}-`));
  const servers = await startEmbeddedServers({ home: join(home, 'data') });
  const database = await openDatabase(servers.mongodbUrl);
  const bus = await connectBus({ url: servers.natsUrl, source: 'director/stub' });
  const reading = await openReading(servers);
  const director = await startStubDirector(bus, database);
  const env = { ...process.env, ASI_HOME: home, NATS_URL: servers.natsUrl, MONGODB_URL: servers.mongodbUrl };
  return {
    home,
    bus,
    database,
    reading,
    asi: (...args) => captureCli(args, env),
    stop: async () => {
      await director.stop();
      await reading.close();
      await bus.close();
      await database.close();
      await servers.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
