import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf, type Paper, paperSchema, terminal } from '@asi/contracts';

const folder = fileURLToPath(new URL('./papers/', import.meta.url));

/** The papers that come with the house, from `src/papers/*.json`. Throws a terminal error that names the file and what is wrong in it. */
export async function shippedPapers(from = folder): Promise<Paper[]> {
  const names = (await readdir(from)).filter((name) => name.endsWith('.json')).sort();
  return Promise.all(names.map((name) => readPaper(join(from, name), name)));
}

async function readPaper(path: string, name: string): Promise<Paper> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw terminal('paper-invalid', `${name} is not JSON: ${messageOf(error)}`);
  }
  const paper = paperSchema.safeParse(json);
  if (!paper.success) {
    const issue = paper.error.issues[0];
    throw terminal('paper-invalid', `${name}: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  if (`${paper.data._id}.json` !== name)
    throw terminal('paper-invalid', `${name} holds paper ${paper.data._id}: name the file after it`);
  return paper.data;
}
