/**
 * What do the built-in models cost, and do they have the parameters they were published with?
 *
 * Run: `node test/bench/models.ts [--rounds 30] [--suite cpu-quick] [--write]` (about two minutes). Prints the tables of
 * docs/models.md as Markdown; `--write` puts them there, between the marks. Tokens per second are per processor second of
 * one thread, the fastest round of each model. Exits 1 when a parameter total is not the published one.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { readOptions } from './support/read-options.ts';

const settingSchema = z.object({
  kind: z.literal('setting'),
  suite: z.string(),
  dModel: z.number(),
  nHeads: z.number(),
  layers: z.number(),
  batch: z.number(),
  length: z.number(),
  torch: z.string(),
});
const modelSchema = z.object({
  kind: z.literal('model'),
  name: z.string(),
  parameters: z.number(),
  ratio: z.number(),
  state: z.number().nullable(),
  flopsPerToken: z.number(),
  training: z.number(),
  inference: z.number(),
});
const publishedSchema = z.object({
  kind: z.literal('published'),
  name: z.string(),
  dModel: z.number(),
  nHeads: z.number(),
  layers: z.number(),
  vocabulary: z.number(),
  tied: z.boolean(),
  options: z.record(z.string(), z.union([z.number(), z.boolean()])),
  body: z.number(),
  total: z.number(),
  published: z.number(),
});
const lineSchema = z.discriminatedUnion('kind', [settingSchema, modelSchema, publishedSchema]);
type Line = z.infer<typeof lineSchema>;
type Published = z.infer<typeof publishedSchema>;

const repository = fileURLToPath(new URL('../../', import.meta.url));
const document = `${repository}docs/models.md`;
const marks = { begin: '<!-- begin: test/bench/models.ts -->', end: '<!-- end: test/bench/models.ts -->' };

const values = readOptions(import.meta.url, {
  rounds: { type: 'string', default: '30' },
  suite: { type: 'string', default: 'cpu-quick' },
  write: { type: 'boolean', default: false },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) {
  process.stderr.write('--rounds takes a whole number of at least 1, for example --rounds 30\n');
  process.exit(2);
}

const lines: Line[] = [];
for await (const line of measurements()) lines.push(line);
const published = lines.filter((line) => line.kind === 'published');
const text = [...modelTable(lines), '', ...publishedTable(published)].join('\n');
process.stdout.write(`${text}\n`);
if (values.write) write(text);
process.exit(published.every(isAsPublished) ? 0 : 1);

function python(): string {
  const installed = `${process.env.ASI_TOOLCHAIN ?? `${repository}.toolchain`}/python/bin/python`;
  return process.env.ASI_PYTHON ?? (existsSync(installed) ? installed : 'python3');
}

async function* measurements(): AsyncGenerator<Line> {
  const script = fileURLToPath(new URL('models.py', import.meta.url));
  const env = { ...process.env, OMP_NUM_THREADS: '1', PYTHONPATH: `${repository}gpu-runner/trainer` };
  const child = spawn(python(), [script, values.suite, String(rounds)], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  for await (const line of createInterface({ input: child.stdout })) yield lineSchema.parse(JSON.parse(line));
  const code = await ended;
  if (code !== 0) throw new Error(`the measuring process ended with ${code}`);
}

function modelTable(all: readonly Line[]): string[] {
  const setting = all.find((line) => line.kind === 'setting');
  if (setting === undefined) throw new Error('the measuring process did not say what it measured');
  const { suite, dModel, nHeads, layers, batch, length, torch } = setting;
  const rows = all
    .filter((line) => line.kind === 'model')
    .map(
      ({ name, parameters, ratio, state, flopsPerToken, training, inference }) =>
        `| ${name} | ${count(parameters)} | ${ratio.toFixed(2)} | ${state === null ? 'grows' : count(state)} | ` +
        `${count(flopsPerToken)} | ${count(training, 3)} | ${count(inference, 3)} |`,
    );
  return [
    `Suite ${suite}: width ${dModel}, ${nHeads} heads; speed of a whole model of ${layers} layer(s) on ${batch} sequences of ${length} tokens; PyTorch ${torch}.`,
    '',
    '| Model | Parameters of the mixer | to DeltaNet | State (numbers) | FLOPs per token | Training (tokens/s) | Inference (tokens/s) |',
    '|---|---:|---:|---:|---:|---:|---:|',
    ...rows,
  ];
}

function publishedTable(sizes: readonly Published[]): string[] {
  const rows = sizes.map((size) => {
    const options = Object.entries(size.options).map(([name, value]) => `${name} ${value}`);
    const vocabulary = `${count(size.vocabulary)} ${size.tied ? 'tied' : 'untied'}`;
    const verdict = isAsPublished(size) ? '' : ' **differs**';
    return (
      `| ${size.name} | ${size.dModel} | ${size.layers} | ${size.nHeads} | ${options.join(', ')} | ${vocabulary} | ` +
      `${(size.body / 1e6).toFixed(2)} | ${(size.total / 1e6).toFixed(2)} | ${size.published}${verdict} |`
    );
  });
  return [
    '| Model | Width | Layers | Heads | Options | Vocabulary | Without embedding (M) | Counted (M) | Published (M) |',
    '|---|---:|---:|---:|---|---|---:|---:|---:|',
    ...rows,
  ];
}

/** Equal in all digits of the published figure. */
function isAsPublished({ total, published: figure }: Published): boolean {
  const digits = String(figure).split('.')[1]?.length ?? 0;
  return (total / 1e6).toFixed(digits) === figure.toFixed(digits);
}

function count(value: number, digits?: number): string {
  const rounded = digits === undefined ? Math.round(value) : Number(value.toPrecision(digits));
  return rounded.toLocaleString('en-US');
}

function write(tables: string): void {
  const before = readFileSync(document, 'utf8');
  const [begin, end] = [before.indexOf(marks.begin), before.indexOf(marks.end)];
  if (begin < 0 || end < begin) throw new Error(`${document} lacks the marks ${marks.begin} and ${marks.end}`);
  writeFileSync(document, `${before.slice(0, begin)}${marks.begin}\n\n${tables}\n\n${before.slice(end)}`);
}
