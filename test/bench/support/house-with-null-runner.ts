import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { findHouseMembers } from '../../../services/lab/src/stack/house-member.ts';
import { repository } from '../../support/asi-command.ts';

/** Lays out a house in `root` that is the real one, process by process, but for the runner: that one trains nothing. */
export function houseWithNullRunner(root: string): void {
  const nullRunner = join(repository, 'gpu-runner/src/testing/null-runner-main.ts');
  for (const { name, kind, main, needs, perRunner, addressFile } of findHouseMembers(repository)) {
    const folder = join(root, kind === 'runner' ? name : join('agents', name));
    mkdirSync(folder, { recursive: true });
    const asi = {
      process: relative(folder, kind === 'runner' ? nullRunner : main),
      needs: [...needs],
      perRunner,
      ...(kind === 'role' && addressFile ? { addressFile } : {}),
    };
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ asi }));
  }
}
