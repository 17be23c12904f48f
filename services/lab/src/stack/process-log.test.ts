import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { beginPulse, isPulse } from '@asi/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LogLine, openProcessLog } from './process-log.ts';
import { temporaryFolder } from './testing/temporary-home.ts';

const clock = { now: () => new Date('2026-01-02T03:04:05Z') };

async function logAll(chunks: readonly (string | Buffer)[], maximumBytes?: number) {
  const folder = temporaryFolder();
  const log = openProcessLog({ folder, name: 'judge', clock, ...(maximumBytes ? { maximumBytes } : {}) });
  const seen: LogLine[] = [];
  const stream = Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
  log.follow(stream, 'stderr', (line) => seen.push(line));
  await finished(stream);
  log.close();
  const files = readdirSync(folder).sort();
  const linesOf = (file: string) => readFileSync(join(folder, file), 'utf8').trim().split('\n').filter(Boolean);
  return { seen, files, lines: files.flatMap(linesOf), folder, linesOf };
}

test('JSON lines are kept as they are and other text is wrapped', async () => {
  const { lines } = await logAll([
    '{"level":30,"msg":"x",  "n":1}\nTraceback (most',
    ' recent call last):\n{broken\n\n',
  ]);
  expect(lines[0]).toBe('{"level":30,"msg":"x",  "n":1}');
  expect(lines.slice(1).map((line) => JSON.parse(line))).toEqual([
    { time: '2026-01-02T03:04:05.000Z', level: 40, stream: 'stderr', msg: 'Traceback (most recent call last):' },
    { time: '2026-01-02T03:04:05.000Z', level: 40, stream: 'stderr', msg: '{broken' },
  ]);
});

test('however the output is cut into chunks, every line of the file is one JSON object', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: 'binary', maxLength: 12 })), fc.nat(20), async (texts, cut) => {
      const whole = Buffer.from(texts.join('\n'));
      const chunks = [whole.subarray(0, cut), whole.subarray(cut)];
      const { lines, seen } = await logAll(chunks);
      const expected = whole
        .toString()
        .split('\n')
        .filter((line) => line.trim() !== '');
      expect(lines.map((line) => JSON.parse(line).msg ?? line)).toEqual(expected);
      expect(seen).toHaveLength(expected.length);
    }),
    { numRuns: 50 },
  );
});

test('a process that floods its log fills neither the disk nor the memory', async () => {
  const line = `${'x'.repeat(90)}\n`;
  const { files, linesOf } = await logAll(Array(100).fill(line), 2_000);
  expect(files).toEqual(['judge.1.jsonl', 'judge.2.jsonl', 'judge.jsonl']);
  for (const file of files) expect(linesOf(file).join('\n').length).toBeLessThanOrEqual(2_000);
});

test('a line without an end is cut', async () => {
  const { seen } = await logAll(Array(10).fill('y'.repeat(60_000)));
  expect(seen.length).toBeGreaterThan(1);
  expect(seen.every(({ msg }) => String(msg).length < 70_000)).toBe(true);
});

test('a sign of life is seen behind words without an end of line, and kept nowhere: who prints dots does not hang', async () => {
  const signs: string[] = [];
  beginPulse((text) => signs.push(text));
  const { seen, lines } = await logAll(['..', ...signs, '.', 'x'.repeat(70_000), ...signs]);
  expect(seen.filter(isPulse)).toHaveLength(2);
  expect(lines.map((line) => JSON.parse(line).msg.slice(0, 3))).toEqual(['..', '.xx']);
});

test('a log that cannot be begun anew is written on: a descriptor that is closed may soon be another file', async () => {
  const folder = temporaryFolder();
  const log = openProcessLog({ folder, name: 'judge', clock, maximumBytes: 100 });
  rmSync(folder, { recursive: true });
  const stream = Readable.from([Buffer.from(`${'x'.repeat(90)}\n`.repeat(5))]);
  log.follow(stream, 'stdout', () => undefined);
  await finished(stream);
  expect(() => log.close()).not.toThrow();
});
