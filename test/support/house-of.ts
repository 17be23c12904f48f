import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { repository } from './asi-command.ts';

/** A house in a temporary folder that has these members of the repository only, each a folder with a package.json. */
export function houseOf(members: readonly string[]): string {
  const root = mkdtempSync(join(tmpdir(), 'asi-house-'));
  for (const member of members) {
    const source = join(repository, member);
    const declared = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as { asi: { process: string } };
    const [place = '', name = ''] = member.split('/').slice(-2);
    const folder = join(root, place, name);
    mkdirSync(folder, { recursive: true });
    const process = relative(folder, join(source, declared.asi.process));
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...declared, asi: { ...declared.asi, process } }));
  }
  return root;
}
