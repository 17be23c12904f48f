import { startEmbeddedServers } from './embedded-servers.ts';
import { externalServers, type ServerUrls } from './server-urls.ts';
import { killLeftBehind, readStack, type StackDescription } from './stack-file.ts';
import { acquireStackLock } from './stack-lock.ts';
import { stateFolder } from './state-folder.ts';

/** Servers to read from, and the running stack if there is one. */
export interface ServersForReading extends ServerUrls {
  readonly stack: StackDescription | null;
}

/**
 * Runs `read` with the broker and the database: those of the running stack or of the environment, else the embedded
 * ones, started for this reading only. Two readings of a stopped stack wait for each other.
 * @throws terminal as startEmbeddedServers; whatever `read` throws
 */
export async function withServers<Result>(
  read: (servers: ServersForReading) => Promise<Result>,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Result> {
  const folder = stateFolder(env);
  const external = externalServers(env);
  const stack = readStack(folder);
  if (external) return read({ ...external, stack });
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
