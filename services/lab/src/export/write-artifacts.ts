import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Reading, viewJson, withoutHeldOutSeeds } from '@asi/reading';
import type { Mentions } from './mentions.ts';

export type WrittenArtifacts = {
  readonly artifacts: number;
  readonly bytes: number;
  /** Named by a record or message, and in artifacts.jsonl only. */
  readonly absentArtifacts: number;
};

const extensions: Readonly<Record<string, string>> = {
  'application/json': '.json',
  'text/plain': '.txt',
  'text/x-diff': '.diff',
  'text/x-python': '.py',
};

/** Writes every artifact that is named into `artifacts/`, one after the other, and what is where and whose into artifacts.jsonl. */
export async function writeArtifacts(
  reading: Pick<Reading, 'artifact'>,
  mentions: Mentions,
  folder: string,
  tell: (written: number, of: number) => void,
): Promise<WrittenArtifacts> {
  const index = join(folder, 'artifacts.jsonl');
  writeFileSync(index, '');
  let artifacts = 0;
  let bytes = 0;
  let absentArtifacts = 0;
  for (const [hash, named] of mentions.all()) {
    const artifact = await reading.artifact(hash);
    const absent = artifact ? (tellsHeldOutSeed(artifact.body) ? 'it names a seed of held-out data' : null) : notThere;
    const file = artifact && absent === null ? `artifacts/${hash}${extensions[artifact.mediaType] ?? ''}` : null;
    if (artifact && file !== null) {
      // As it is stored, to the byte: its name is the hash of it.
      writeFileSync(join(folder, file), artifact.body);
      artifacts++;
      bytes += artifact.bytes;
    } else absentArtifacts++;
    const { mediaType, bytes: size } = artifact ?? { mediaType: null, bytes: null };
    appendFileSync(index, `${viewJson({ hash, file, mediaType, bytes: size, absent, named })}\n`);
    tell(artifacts + absentArtifacts, mentions.count());
  }
  return { artifacts, bytes, absentArtifacts };
}

const notThere = 'it is not in the database';

const tellsHeldOutSeed = (body: string): boolean => withoutHeldOutSeeds(body) !== body;
