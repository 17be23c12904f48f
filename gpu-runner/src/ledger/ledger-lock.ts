import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { terminal } from '@asi/contracts';
import { identityOf, isAlive } from '../process/process-identity.ts';
import { writeWhole } from './durable-file.ts';
import { type ProcessIdentity, processIdentitySchema } from './job-record.ts';

const readHolder = (path: string): ProcessIdentity | null => {
  try {
    return processIdentitySchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
};

/** One runner per ledger. A lock left by a dead runner is taken over. Errors: terminal `runner-home-in-use`. Returns the release. */
export const lockLedger = (home: string): (() => void) => {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const path = join(home, 'lock.json');
  if (existsSync(path)) {
    const holder = readHolder(path);
    if (holder !== null && holder.pid !== process.pid && isAlive(holder)) {
      const message = `${home} belongs to the runner with pid ${holder.pid}; stop it or set ASI_RUNNER_HOME to another folder`;
      throw terminal('runner-home-in-use', message);
    }
  }
  writeWhole(path, JSON.stringify(identityOf(process.pid)), false);
  return () => rmSync(path, { force: true });
};
