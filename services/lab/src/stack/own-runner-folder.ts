import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identify, type ProcessIdentity } from './process-identity.ts';
import { stateFolder } from './state-folder.ts';

const namePattern = /^own-(\d+)-[0-9a-f]{8}-/;

/** What the names of one process begin with, and of no other: ids come again, together with the time of the start they do not. */
const nameOf = ({ pid, startTime }: ProcessIdentity): string =>
  `own-${pid}-${createHash('sha256').update(startTime).digest('hex').slice(0, 8)}-`;

/**
 * Makes a folder for a runner that this process starts for itself. It lies in the state folder, so that what a SIGKILL
 * leaves is nothing to search for, and what processes that are gone have left there is removed. Where the state folder
 * cannot be written it is a temporary one: a program can be examined all the same.
 */
export function ownRunnerFolder(env: NodeJS.ProcessEnv): string {
  try {
    const { runners } = stateFolder(env);
    for (const name of readdirSync(runners)) {
      const pid = Number(namePattern.exec(name)?.[1]);
      const living = pid ? identify(pid) : null;
      const isLeft = pid && !(living && name.startsWith(nameOf(living)));
      if (isLeft) rmSync(join(runners, name), { recursive: true, force: true });
    }
    const self = identify(process.pid);
    if (self) return mkdtempSync(join(runners, nameOf(self)));
  } catch {
    // The folder that is made below lacks nothing but a place of its own.
  }
  return mkdtempSync(join(tmpdir(), 'asi-runner-'));
}
