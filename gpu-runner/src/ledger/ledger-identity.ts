import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from './durable-file.ts';

/**
 * A name that stays with the folder: the mark by which a restarted runner recognises the processes of its predecessor. A copy of
 * the folder gets another name, or its runner would kill the processes of the original.
 */
export const ledgerIdentity = (home: string, newId: () => string): string => {
  const path = join(home, 'ledger-id');
  const { dev, ino } = statSync(home);
  const place = `${dev}:${ino}`;
  const [known, knownPlace] = existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
  if (known && knownPlace === place) return known;
  // An earlier version did not write down the place.
  const id = known && knownPlace === undefined ? known : newId();
  writeWhole(path, `${id}\n${place}\n`, true);
  return id;
};
