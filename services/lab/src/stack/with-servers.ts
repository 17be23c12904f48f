import { setTimeout as sleep } from 'node:timers/promises';
import { retryable } from '@asi/contracts';
import { startEmbeddedServers } from './embedded-servers.ts';
import { externalServers, type ServerUrls } from './server-urls.ts';
import { killLeftBehind, readStack, type StackDescription } from './stack-file.ts';
import { acquireStackLock, lockHolder } from './stack-lock.ts';
import { type StateFolder, stateFolder } from './state-folder.ts';

/** Servers to read from, and the running stack if there is one. */
export interface ServersForReading extends ServerUrls {
  readonly stack: StackDescription | null;
}

const settleLimitMilliseconds = 15_000;

/**
 * Runs `read` with the broker and the database: those of the running stack or of the environment, else the embedded
 * ones, started for this reading only. Two readings of a stopped stack wait for each other, and a stack that is just
 * starting or stopping is waited for.
 * @throws terminal as startEmbeddedServers; retryable `stack-busy`; whatever `read` throws
 */
export async function withServers<Result>(
  read: (servers: ServersForReading) => Promise<Result>,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Result> {
  const folder = stateFolder(env);
  const external = externalServers(env);
  if (external) return read({ ...external, stack: readStack(folder) });
  const stack = await settledStack(folder);
  if (stack) return read({ natsUrl: stack.natsUrl, mongodbUrl: stack.mongodbUrl, stack });
  const lock = await acquireStackLock(folder, 'reading');
  try {
    await killLeftBehind(folder);
    const servers = await startEmbeddedServers({ home: folder.data });
    try {
      return await read({ natsUrl: servers.natsUrl, mongodbUrl: servers.mongodbUrl, stack: null });
    } finally {
      await servers.stop();
    }
  } finally {
    lock.release();
  }
}

/** The stack whose servers answer, or null when none runs. */
async function settledStack(folder: StateFolder): Promise<StackDescription | null> {
  for (let waited = 0; lockHolder(folder)?.purpose === 'stack'; waited += 100) {
    const stack = readStack(folder);
    const servers = stack?.processes.find(({ name }) => name === 'servers');
    if (stack && (!servers || servers.state === 'running')) return stack;
    if (waited >= settleLimitMilliseconds) {
      throw retryable(
        'stack-busy',
        `the servers of the stack in ${folder.path} do not answer; see ${folder.logs}/servers.jsonl`,
      );
    }
    await sleep(100);
  }
  return null;
}
