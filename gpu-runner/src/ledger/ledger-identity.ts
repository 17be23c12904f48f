import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from './durable-file.ts';

/** A name that stays with the folder: the mark by which a restarted runner recognises the processes of its predecessor. */
export const ledgerIdentity = (home: string, newId: () => string): string => {
  const path = join(home, 'ledger-id');
  if (existsSync(path)) return readFileSync(path, 'utf8').trim();
  const id = newId();
  writeWhole(path, `${id}\n`, true);
  return id;
};
