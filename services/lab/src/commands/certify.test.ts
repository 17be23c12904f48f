import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { makeHouse } from '../stack/testing/small-house.ts';
import { spawnStack } from '../stack/testing/spawn-stack.ts';
import { temporaryFolder } from '../stack/testing/temporary-home.ts';
import { repositoryRoot } from '../stack/toolchain.ts';
import { captureCli } from '../testing/captured-context.ts';

const { NATS_URL: _nats, MONGODB_URL: _mongodb, ASI_RUNNER_URL: _runner, ...inherited } = process.env;

function fileWith(text: string): string {
  const path = join(temporaryFolder(), 'mixer.py');
  writeFileSync(path, text);
  return path;
}

test('an endless loop at import ends with a verdict that names the limit, and is not silent meanwhile', async ({
  skip,
}) => {
  // It sleeps: what it would burn, the tests beside it would lack.
  const file = fileWith('import time\nwhile True:\n    time.sleep(1)\n');
  const env = { ...inherited, ASI_HOME: temporaryFolder() };
  const { code, out, error } = await captureCli(['certify', file, '--seconds', '25'], env);
  const refused = error.includes('tier 0');
  expect({ code, out }).toEqual({ code: 1, out: '' });
  if (refused) skip('no isolation here: a foreign program is refused');
  expect(error).toContain('not certified: it was still running after 25 s, the time limit');
  expect(error).toMatch(/\d+ s \(limit 25 s\): /);
});

test('a program that takes its process along leaves one JSON value that says so, beside the sentence', async ({
  skip,
}) => {
  const file = fileWith('import os\nos._exit(0)\n');
  const env = { ...inherited, ASI_HOME: temporaryFolder() };
  const { code, out, error } = await captureCli(['certify', file, '--json'], env);
  expect(code).toBe(1);
  if (error.includes('tier 0')) skip('no isolation here: a foreign program is refused');
  const { failure, ...rest } = JSON.parse(out);
  expect(rest).toEqual({ program: file, verdict: null });
  expect(failure.code).toBe('worker-died');
  expect(error).toContain(`asi: ${failure.message}`);
});

test('Ctrl-C ends an examination with 130 and no complaint, also while its runner is starting', async () => {
  const env = { ...inherited, ASI_HOME: temporaryFolder() };
  const interruption = new AbortController();
  const examined = captureCli(['certify', 'delta-net'], env, interruption.signal);
  setTimeout(() => interruption.abort(), 300);
  expect(await examined).toEqual({ code: 130, out: '', error: '' });
});

test('a text that is not Python is told so, without sizes and costs of a mixer that never was', async ({ skip }) => {
  const env = { ...inherited, ASI_HOME: temporaryFolder() };
  const { code, out, error } = await captureCli(['certify', fileWith('this is no program\n')], env);
  expect(code).toBe(1);
  if (error.includes('tier 0')) skip('no isolation here: a foreign program is refused');
  expect(out).toContain('not valid Python');
  expect(out).not.toContain('mixer parameters');
});

test('a runner without isolation refuses a program from elsewhere in one line', async () => {
  const env = { ...inherited, ASI_HOME: temporaryFolder(), ASI_RUNNER_ISOLATION: 'none' };
  const { code, out, error } = await captureCli(['certify', fileWith('class Mixer: pass\n')], env);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(error).toContain('this runner has no isolation (tier 0');
  // On a slow machine lines of progress stand before it.
  expect(error.split('\n').filter((line) => line.startsWith('asi: '))).toHaveLength(1);
});

test('when the stack is killed under an examination it ends with it, and says what to do', async () => {
  const runner = join(repositoryRoot, 'gpu-runner/src/testing/null-runner-main.ts');
  const root = makeHouse([{ path: 'gpu-runner', program: 'obedient', declaration: {} }]);
  const declaration = { asi: { process: relative(join(root, 'gpu-runner'), runner) } };
  writeFileSync(join(root, 'gpu-runner/package.json'), JSON.stringify(declaration));
  const home = temporaryFolder();
  const lab = await spawnStack(root, home, { ASI_NULL_DELAY_MILLISECONDS: '600000' });
  // Killed when it is seen to wait for the runner, which would take ten minutes.
  const env = { ...inherited, ASI_HOME: home };
  const { code, error } = await captureCli(['certify', 'delta-net'], env, undefined, (soFar) => {
    if (soFar.includes('limit')) lab.kill('SIGKILL');
  });
  expect(code).toBe(3);
  expect(error).toContain(`the stack (process ${lab.pid}) has ended`);
  expect(error.split('\n').filter((line) => line.startsWith('asi: '))).toHaveLength(1);
});

test.each([
  ['--seconds', '0'],
  ['--seconds', 'ten'],
  ['--budget', '-1'],
])('%s %s is wrong usage, before anything is started', async (option, value) => {
  const env = { ...inherited, ASI_HOME: temporaryFolder() };
  const { code, error } = await captureCli(['certify', 'delta-net', option, value], env);
  expect(code).toBe(2);
  expect(error).toContain(`${option} ${value}: expected a number > 0`);
});

test('a name that is neither a file nor a built-in is wrong usage, and both are said, before anything is started', async () => {
  const { code, out, error } = await captureCli(['certify', 'nope'], { ...inherited, ASI_HOME: temporaryFolder() });
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(error).toMatch(/^asi: nope: there is no such file, and no built-in of that name \(.*delta-net/);
});

test.each([
  ['is too large: a program has at most 1048576 bytes', Buffer.alloc(2_000_000, 'x')],
  ['is not a text in UTF-8: give a Python file', Buffer.from([0xff, 0xfe, 0x00, 0x80])],
])('a file that %s is wrong usage, before anything is started', async (words, bytes) => {
  const file = join(temporaryFolder(), 'mixer.py');
  writeFileSync(file, bytes);
  const { code, error } = await captureCli(['certify', file], { ...inherited, ASI_HOME: temporaryFolder() });
  expect({ code, error }).toEqual({ code: 2, error: `asi: ${file} ${words}\n` });
});
