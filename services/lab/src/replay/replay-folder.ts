import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { terminal } from '@asi/contracts';
import { makeFolder } from '../stack/make-folder.ts';
import { type StateFolder, stateFolder } from '../stack/state-folder.ts';

/** Makes a state folder for one replay, below that of the original. */
export function makeReplayFolder(original: StateFolder, campaignId: string): StateFolder {
  const replays = join(original.path, 'replays');
  try {
    for (let number = 1; ; number++) {
      const path = join(replays, `${campaignId}-${number}`);
      if (existsSync(path)) continue;
      makeFolder(path);
      return stateFolder({ ASI_HOME: path });
    }
  } catch (error) {
    throw terminal(
      'state-folder',
      `a replay cannot be made in ${replays} (${String(error)}); copy the state folder to where it can be written and set ASI_HOME to the copy`,
    );
  }
}

export const removeReplayFolder = ({ path }: StateFolder): void =>
  rmSync(path, { recursive: true, force: true, maxRetries: 5 });

/** Homes of the runners whose ledgers are read: the folders in the one that is given, or in that of the state folder. */
export function runnerHomes(original: StateFolder, given: string | null): string[] {
  const folder = given === null ? original.runners : resolve(given);
  if (!existsSync(folder)) throw terminal('usage', `--ledgers ${given}: there is no such folder`);
  return [
    folder,
    ...readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(folder, name)),
  ];
}
