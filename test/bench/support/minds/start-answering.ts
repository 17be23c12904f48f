import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Shapes } from './answers.ts';

/** Starts the endpoint of answering-server.ts; its address, and how to end it. */
export async function startAnswering(answers: Shapes, pauseMilliseconds: number) {
  const folder = mkdtempSync(join(tmpdir(), 'asi-answers-'));
  const file = join(folder, 'answers.json');
  writeFileSync(file, JSON.stringify(answers));
  const main = fileURLToPath(new URL('./answering-server.ts', import.meta.url));
  const child = spawn(process.execPath, [main, file, String(pauseMilliseconds)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [url] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    url: url.toString().trim(),
    stop: async () => {
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}
