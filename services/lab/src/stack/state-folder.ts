import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { terminal } from '@asi/contracts';
import { makeFolder } from './make-folder.ts';
import { externalServers } from './server-urls.ts';
import { repositoryRoot } from './toolchain.ts';

/** Where everything lives that the laboratory keeps on this machine. */
export interface StateFolder {
  readonly path: string;
  /** What is true only while the stack runs: lock, addresses, states of processes. */
  readonly run: string;
  /** One log per process, JSON lines. */
  readonly logs: string;
  /** What the embedded broker and database store. */
  readonly data: string;
  /** Job ledgers of the local runners, and what they have proven of this machine's isolation. */
  readonly runners: string;
  /** Reports and exports. */
  readonly reports: string;
  /** May be deleted at any time. */
  readonly cache: string;
}

/**
 * The state folder, ASI_HOME or `.asi` in the repository, with its subfolders made; a read-only one that holds data
 * may lack some of them.
 * @throws terminal `state-folder` when it cannot be made
 */
export function stateFolder(env: NodeJS.ProcessEnv = process.env): StateFolder {
  const path = resolve(env.ASI_HOME || join(repositoryRoot, '.asi'));
  const inside = (name: string) => join(path, name);
  const folder = {
    path,
    run: inside('run'),
    logs: inside('logs'),
    data: inside('data'),
    runners: inside('runners'),
    reports: inside('reports'),
    cache: inside('cache'),
  };
  try {
    for (const each of Object.values(folder)) makeFolder(each);
  } catch (error) {
    if (existsSync(folder.data)) return folder;
    const reason = error instanceof Error ? error.message : String(error);
    throw terminal(
      'state-folder',
      `the state folder ${path} cannot be made (${reason}); set ASI_HOME to a writable folder`,
    );
  }
  return folder;
}

/**
 * The state folder of a command that only looks or stops: a mistyped ASI_HOME must neither make a folder nor answer for
 * a laboratory that is somewhere else. Servers of one's own need none.
 * @throws terminal `no-state-folder`; as stateFolder
 */
export function existingStateFolder(env: NodeJS.ProcessEnv = process.env): StateFolder {
  const named = env.ASI_HOME;
  if (named && !externalServers(env) && !existsSync(resolve(named))) {
    throw terminal(
      'no-state-folder',
      `ASI_HOME names ${resolve(named)}, which does not exist: nothing was ever run there; correct it, or start with asi run`,
    );
  }
  return stateFolder(env);
}
