import { expect, test } from 'vitest';
import { captureCli } from '../testing/captured-context.ts';
import { commands } from './all-commands.ts';
import { exitCodeWords } from './exit-codes.ts';

const names = [
  [
    'run',
    'up',
    'down',
    'status',
    'watch',
    'pause',
    'resume',
    'cancel',
    'leaderboard',
    'confirm',
    'noise',
    'cost',
    'show',
    'tree',
    'journal',
  ],
  ['report', 'export', 'rescore', 'replay', 'certify', 'train', 'doctor'],
].flat();

test.each(names)('the help of asi %s has an example', async (name) => {
  const { code, out } = await captureCli([name, '--help'], {});
  expect(code).toBe(0);
  expect(out).toMatch(new RegExp(`Example:\\n  \\$ asi ${name}`));
});

test('asi alone shows every command and is a wrong usage; asi --help is not', async () => {
  expect(commands).toHaveLength(names.length);
  const alone = await captureCli([], {});
  const help = await captureCli(['--help'], {});
  expect([alone.code, help.code]).toEqual([2, 0]);
  for (const name of names) expect(help.out).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
  expect(help.out.replace(/\s+/g, ' ')).toContain(`Exit codes: ${exitCodeWords}.`);
});

test('an option that npm swallowed is not answered by a riddle about its value', async () => {
  const { code, error } = await captureCli(['run', '4'], { npm_lifecycle_event: 'start' });
  expect(code).toBe(2);
  expect(error).toContain('npm start -- --candidates 4');
});
