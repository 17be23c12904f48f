import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';

const contextModule = JSON.stringify(new URL('./cli-context.ts', import.meta.url).href);
const begin = `const { processContext } = await import(${contextModule});
const context = processContext();
`;

const start = (script: string, stdio: ('ignore' | 'pipe' | 'ipc')[]): ChildProcess =>
  spawn(process.execPath, ['--input-type=module', '-e', begin + script], { stdio });
const wrapped = (script: string) => start(script, ['ignore', 'pipe', 'pipe', 'ipc']);
const saidBy = ({ stdout }: ChildProcess) => (stdout ? text(stdout) : Promise.resolve(''));

test('when the program behind npm start is gone, the command is interrupted once, and can still end in order', async () => {
  const child = wrapped(`
    setTimeout(() => undefined, 30_000);
    process.stdout.write('begun ');
    context.interrupt.addEventListener('abort', () => setTimeout(() => {
      process.stdout.write('ended in order');
      process.exit(130);
    }, 700));`);
  const said = saidBy(child);
  if (child.stdout) await once(child.stdout, 'data');
  // One that was interrupted before the program went is not cut off in its end.
  child.kill('SIGTERM');
  await sleep(550);
  child.disconnect();
  const [code] = await once(child, 'exit');
  expect(code).toBe(130);
  expect(await said).toContain('ended in order');
});

test('the end of the program behind npm start alone interrupts', async () => {
  const child = wrapped(`
    setTimeout(() => process.exit(1), 20_000);
    process.send('begun');
    context.interrupt.addEventListener('abort', () => process.exit(130));`);
  await once(child, 'message');
  child.disconnect();
  expect((await once(child, 'exit'))[0]).toBe(130);
});

test('the channel to the program behind npm start keeps no command alive that is done', async () => {
  const child = wrapped('');
  expect((await once(child, 'exit'))[0]).toBe(0);
});

test('what a command starts does not hear of the channel: a stack in the background outlives npm run asi', async () => {
  const child = wrapped(`
    const { spawnSync } = await import('node:child_process');
    const look = 'process.stdout.write(String([process.channel, process.env.NODE_CHANNEL_FD]))';
    process.stdout.write(spawnSync(process.execPath, ['-e', look], { env: { ...context.env } }).stdout);`);
  expect(await saidBy(child)).toBe(',');
});

test('a command that was started directly has nothing to listen to, and ends', async () => {
  const child = start(`process.stdout.write(String(context.interrupt.aborted))`, ['ignore', 'pipe', 'pipe']);
  expect(await saidBy(child)).toBe('false');
});
