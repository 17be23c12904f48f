import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ownRunnerFolder } from './own-runner-folder.ts';
import { temporaryFolder } from './testing/temporary-home.ts';

test('what a runner of a killed process left is removed by the next one, and a living process keeps its own', async () => {
  const home = temporaryFolder();
  const env = { ASI_HOME: home };
  const script = `
    const { ownRunnerFolder } = await import(${JSON.stringify(join(import.meta.dirname, 'own-runner-folder.ts'))});
    console.log(ownRunnerFolder({ ASI_HOME: ${JSON.stringify(home)} }));
    setInterval(() => {}, 1000);`;
  const other = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void other.kill('SIGKILL'));
  const [said] = (await once(other.stdout, 'data')) as [Buffer];
  const others = said.toString().trim();
  writeFileSync(join(others, 'ledger'), 'of a job');
  const ofTheStack = join(dirname(others), 'gpu-runner');
  mkdirSync(ofTheStack);
  const first = ownRunnerFolder(env);
  expect([first, others].map((one) => existsSync(one))).toEqual([true, true]);
  expect(dirname(first)).toBe(join(home, 'runners'));
  other.kill('SIGKILL');
  await once(other, 'exit');
  const second = ownRunnerFolder(env);
  expect(readdirSync(join(home, 'runners')).sort()).toEqual(
    [first, second, ofTheStack].map((path) => path.slice(join(home, 'runners').length + 1)).sort(),
  );
});
