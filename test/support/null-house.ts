import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bus, connectBus } from '@asi/bus';
import { startEmbeddedServers } from '@asi/lab/embedded-servers';
import { connectRunner, type RunnerClient } from '@asi/runner-client';
import { startNullRunner } from '../../gpu-runner/src/testing/null-runner.ts';
import { type HouseProcess, startHouseProcess } from './house-process.ts';

/** Real servers and a runner of one slot that trains nothing, for tests that speak as the director and start the roles they need. */
export type NullHouse = {
  readonly bus: Bus;
  readonly client: RunnerClient;
  /** Starts a member of the house, by its folder. */
  start(member: string): Promise<void>;
  stop(): Promise<void>;
};

export async function startNullHouse(name: string, delayMilliseconds: number): Promise<NullHouse> {
  const home = await mkdtemp(join(tmpdir(), `asi-${name}-`));
  const servers = await startEmbeddedServers({ home });
  const bus = await connectBus({ url: servers.natsUrl, source: 'director/test' });
  const runner = await startNullRunner({ slots: 1, delayMilliseconds });
  const client = connectRunner(runner.url);
  const env = { NATS_URL: servers.natsUrl, MONGODB_URL: servers.mongodbUrl, ASI_RUNNER_URL: runner.url };
  const members: HouseProcess[] = [];
  return {
    bus,
    client,
    start: async (member) => {
      members.push(await startHouseProcess(`${member}/src/main.ts`, env));
    },
    stop: async () => {
      for (const one of members) await one.stop();
      client.close();
      await runner.stop();
      await bus.close();
      await servers.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
