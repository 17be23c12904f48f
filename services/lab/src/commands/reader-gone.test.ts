import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';

const contextModule = JSON.stringify(new URL('./cli-context.ts', import.meta.url).href);

/** A command whose reader goes after its first line. @returns its exit code */
async function withoutReader(script: string): Promise<number | null> {
  const begin = `const { processContext } = await import(${contextModule});
const context = processContext();
`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', begin + script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  child.stdout.destroy();
  const [code] = await once(child, 'exit');
  return code;
}

test('a campaign whose reader goes away (asi run | head) is interrupted in order, and does not pass for a finished one', async () => {
  const code = await withoutReader(`
    const speak = setInterval(() => context.out.write('line\\n'), 10);
    context.interrupt.addEventListener('abort', () => {
      // It stops for longer than two interruptions may lie apart, and goes on to say how.
      setTimeout(() => {
        clearInterval(speak);
        process.exitCode = 130;
      }, 800);
    });`);
  expect(code).toBe(130);
});

test('a command that reads ends well when its reader has seen enough', async () => {
  const code = await withoutReader(`
    context.out.write('first line\\n');
    await new Promise((resolve) => setTimeout(resolve, 200));
    for (let line = 0; line < 1000; line++) context.out.write('another line\\n');
    await new Promise((resolve) => setTimeout(resolve, 100));
    process.exitCode = 0;`);
  expect(code).toBe(0);
});
