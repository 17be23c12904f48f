import { setTimeout as sleep } from 'node:timers/promises';
import { retryable } from '@asi/contracts';
import { copyAside, isWritable } from './copy-aside.ts';
import { startEmbeddedServers } from './embedded-servers.ts';
import { externalServers, type ServerUrls } from './server-urls.ts';
import { silentServer } from './silent-servers.ts';
import { killLeftBehind, readStack, type StackDescription } from './stack-file.ts';
import { acquireStackLock, lockHolder } from './stack-lock.ts';
import { troubleOf } from './stack-trouble.ts';
import { existingStateFolder, type StateFolder } from './state-folder.ts';
import { withoutRoom } from './without-room.ts';

/** Servers to read from, and the running stack if there is one. */
export interface ServersForReading extends ServerUrls {
  readonly stack: StackDescription | null;
}

const settleLimitMilliseconds = 15_000;

/**
 * Runs `read` with the broker and the database: those of the running stack or of the environment, else the embedded
 * ones, started for this reading only: on a copy where the state folder cannot be written. Two readings of a stopped
 * stack wait for each other, and a stack that is just starting or stopping is waited for.
 * @param say is told what takes longer or is done otherwise than usual
 * @throws terminal as startEmbeddedServers, withoutRoom, silentServer and copyAside; retryable `stack-busy`; whatever `read` throws
 */
export async function withServers<Result>(
  read: (servers: ServersForReading) => Promise<Result>,
  env: NodeJS.ProcessEnv = process.env,
  say: (line: string) => void = () => undefined,
): Promise<Result> {
  const folder = existingStateFolder(env);
  const external = externalServers(env);
  if (external)
    return read({ ...external, stack: readStack(folder) }).catch((error: unknown) => {
      throw silentServer(error, external, false) ?? error;
    });
  const stack = await settledStack(folder);
  if (stack) {
    return read({ natsUrl: stack.natsUrl, mongodbUrl: stack.mongodbUrl, stack }).catch(async (error: unknown) => {
      throw (await withoutRoom(error, folder)) ?? silentServer(error, stack, stack.embedded) ?? error;
    });
  }
  if (!isWritable(folder)) return readAside(folder, read, say);
  const lock = await acquireStackLock(folder, 'reading');
  try {
    await killLeftBehind(folder);
    return await readOn(folder.data, read);
  } finally {
    lock.release();
  }
}

type Read<Result> = (servers: ServersForReading) => Promise<Result>;

async function readAside<Result>(
  folder: StateFolder,
  read: Read<Result>,
  say: (line: string) => void,
): Promise<Result> {
  // Who can write there may be reading at this moment: what is being written would be copied half.
  for (let waited = 0; lockHolder(folder) && waited < settleLimitMilliseconds; waited += 100) await sleep(100);
  const aside = await copyAside(folder, say);
  try {
    return await readOn(aside.data, read);
  } finally {
    aside.remove();
  }
}

async function readOn<Result>(data: string, read: Read<Result>): Promise<Result> {
  const servers = await startEmbeddedServers({ home: data });
  try {
    return await read({ natsUrl: servers.natsUrl, mongodbUrl: servers.mongodbUrl, stack: null });
  } finally {
    await servers.stop();
  }
}

/** The stack whose servers answer, or null when none runs. */
async function settledStack(folder: StateFolder): Promise<StackDescription | null> {
  for (let waited = 0; lockHolder(folder)?.purpose === 'stack'; waited += 100) {
    const stack = readStack(folder);
    const servers = stack?.processes.find(({ name }) => name === 'servers');
    if (stack && (!servers || servers.state === 'running')) return stack;
    const trouble = stack && troubleOf(stack.processes);
    if (trouble?.process === 'servers' || waited >= settleLimitMilliseconds) {
      throw retryable(
        trouble?.code ?? 'stack-busy',
        `the stack in ${folder.path} runs, but ${trouble?.message ?? `its servers do not answer; see ${folder.logs}/servers.jsonl`}`,
      );
    }
    await sleep(100);
  }
  return null;
}
