import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { artifactHashSchema, hashText } from '@asi/contracts';
import type { Reading } from '@asi/reading';
import { afterAll, expect, test } from 'vitest';
import { collectMentions } from './mentions.ts';
import { writeArtifacts } from './write-artifacts.ts';

const base = mkdtempSync(join(tmpdir(), 'asi-artifacts-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** Writes what these bodies are named by; asks `seen` before each body is handed out. */
async function written(name: string, bodies: readonly string[], seen: (folder: string) => void = () => undefined) {
  const folder = join(base, name);
  mkdirSync(join(folder, 'artifacts'), { recursive: true });
  const byHash = new Map(bodies.map((body) => [hashText(body) as string, body]));
  const mentions = collectMentions();
  for (const rawHash of byHash.keys()) mentions.see('c001-0001', { measurement: { rawHash } });
  const artifact: Reading['artifact'] = async (hash) => {
    seen(folder);
    const body = byHash.get(hash) ?? '';
    return {
      _id: artifactHashSchema.parse(hash),
      body,
      mediaType: 'application/json',
      bytes: Buffer.byteLength(body),
    };
  };
  const sums = await writeArtifacts({ artifact }, mentions, folder, () => undefined);
  const index = readFileSync(join(folder, 'artifacts.jsonl'), 'utf8').trim().split('\n');
  return { sums, index: index.map((line) => JSON.parse(line)), files: readdirSync(join(folder, 'artifacts')) };
}

test('a campaign whose bodies are larger than memory is exported: each is on disk before the next is asked for', async () => {
  const onDisk: number[] = [];
  const bodies = ['{"a":1}', '{"b":2}', '{"c":3}'];
  await written('one-by-one', bodies, (folder) => onDisk.push(readdirSync(join(folder, 'artifacts')).length));
  expect(onDisk).toEqual([0, 1, 2]);
});

test('a body that tells a seed of held-out data stays untold, and that is said', async () => {
  const { sums, index, files } = await written('secret', ['{"spec":{"evaluationSeed":"secret"}}', '{}']);
  expect(sums).toEqual({ artifacts: 1, bytes: 2, absentArtifacts: 1 });
  expect(files).toEqual([`${hashText('{}')}.json`]);
  expect(index[0]).toMatchObject({ file: null, absent: 'it names a seed of held-out data' });
});
