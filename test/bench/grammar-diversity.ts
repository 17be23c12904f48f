/**
 * How many random draws of the grammar pass the trainer's certificate, and how many of them behave differently?
 *
 * Run: `node test/bench/grammar-diversity.ts [--draws 1000] [--seed text]` (about 1 CPU-second a draw). Two programs
 * behave the same if their fingerprints correlate above .999 on all segments. Exits 1 when a goal is missed: at least
 * 90 % pass, at least half are distinct.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { seededRandom } from '@asi/contracts';
import { z } from 'zod';
import { baselineGenomes } from '../../agents/researcher/src/grammar/baseline-genomes.ts';
import { components } from '../../agents/researcher/src/grammar/components.ts';
import { draw } from '../../agents/researcher/src/grammar/draw.ts';
import { emit } from '../../agents/researcher/src/grammar/emit.ts';
import type { Genome } from '../../agents/researcher/src/grammar/genome.ts';
import { parameterRatio } from '../../agents/researcher/src/grammar/parameters.ts';

const passGoal = 0.9;
const distinctGoal = 0.5;
const sameAbove = 0.999;

const certificateSchema = z.object({
  verdict: z.string(),
  findings: z.array(z.object({ test: z.string(), kind: z.string(), status: z.string(), message: z.string() })),
  parameterRatio: z.number(),
  fingerprint: z.array(z.array(z.number())),
  cpuSeconds: z.number(),
  milliseconds: z.number(),
});
type Certificate = z.infer<typeof certificateSchema>;

/** Certifies the programs on its standard input (one JSON string per line), and times a training step of each. */
const script = `
import json, sys, time
import torch
from trainer.certificate.certify import certify
torch.set_num_threads(1)

def milliseconds(source):
    namespace = {"__name__": "candidate"}
    exec(compile(source, "<candidate>", "exec"), namespace)
    mixer, x, times = namespace["Mixer"](64, 2), torch.randn(32, 64, 64), []
    for _ in range(4):
        started = time.process_time()
        mixer(x).square().mean().backward()
        times.append(time.process_time() - started)
    return 1000 * min(times)

for line in sys.stdin:
    source = json.loads(line)
    print(json.dumps({**certify(source, 64, 2, 1.5), "milliseconds": milliseconds(source)}), flush=True)
`;

const repository = fileURLToPath(new URL('../../', import.meta.url));

function python(): string {
  const installed = `${process.env.ASI_TOOLCHAIN ?? `${repository}.toolchain`}/python/bin/python`;
  return process.env.ASI_PYTHON ?? (existsSync(installed) ? installed : 'python3');
}

async function* certify(sources: readonly string[]): AsyncGenerator<Certificate> {
  const env = { ...process.env, OMP_NUM_THREADS: '1', PYTHONPATH: `${repository}gpu-runner/trainer` };
  const child = spawn(python(), ['-c', script], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(sources.map((source) => `${JSON.stringify(source)}\n`).join(''));
  for await (const line of createInterface({ input: child.stdout })) yield certificateSchema.parse(JSON.parse(line));
}

function correlation(a: readonly number[], b: readonly number[]): number {
  // Segments are standardised already: mean 0, variance 1 (within rounding); constant ones are zero.
  const product = a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
  const norm = Math.sqrt(a.reduce((s, v) => s + v * v, 0) * b.reduce((s, v) => s + v * v, 0));
  return norm === 0 ? 1 : product / norm;
}

const isTwin = (a: Certificate, b: Certificate): boolean =>
  a.fingerprint.every((segment, index) => correlation(segment, b.fingerprint[index] ?? []) > sameAbove);

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;

const print = (line: string): boolean => process.stdout.write(`${line}\n`);

const { values } = parseArgs({
  options: { draws: { type: 'string', default: '1000' }, seed: { type: 'string', default: 'diversity' } },
});
const draws = Number(values.draws);
if (!Number.isInteger(draws) || draws < 1) {
  process.stderr.write('--draws takes a whole number of at least 1, for example --draws 200\n');
  process.exit(2);
}

const reference = baselineGenomes['delta-net'];
const genomes: Genome[] = [reference];
for (let i = 0; i < draws; i++) genomes.push(draw({ random: seededRandom(values.seed, i) }).genome);

const certificates: Certificate[] = [];
const distinct: Certificate[] = [];
const failures = new Map<string, number>();
const twins: string[] = [];
let passed = 0;
for await (const certificate of certify(genomes.map(emit))) {
  certificates.push(certificate);
  if (certificates.length === 1) continue;
  for (const { test, status, kind } of certificate.findings) {
    if (status === 'fail') failures.set(`${test} (${kind})`, (failures.get(`${test} (${kind})`) ?? 0) + 1);
  }
  if (certificate.verdict !== 'pass') continue;
  passed++;
  const twin = distinct.find((other) => isTwin(certificate, other));
  if (twin === undefined) distinct.push(certificate);
  else {
    const [one, other] = [certificates.indexOf(twin), certificates.length - 1].map((i) =>
      components(genomes[i] ?? reference),
    );
    const change = (one ?? []).filter((label) => !other?.includes(label));
    twins.push(change.join(' ') || 'equal genomes');
  }
  if (passed % 100 === 0) print(`${certificates.length - 1} draws: ${passed} pass, ${distinct.length} distinct`);
}

const base = certificates[0]?.milliseconds ?? Number.NaN;
const costs = certificates
  .slice(1)
  .map(({ milliseconds }) => milliseconds / base)
  .sort((a, b) => a - b);
const ratios = genomes
  .slice(1)
  .map((genome) => parameterRatio(genome))
  .sort((a, b) => a - b);
const seconds = certificates.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
print(`draws                       ${draws}`);
print(`pass the certificate        ${passed} (${((100 * passed) / draws).toFixed(1)} %; goal ${100 * passGoal} %)`);
print(
  `behave differently          ${distinct.length} (${((100 * distinct.length) / draws).toFixed(1)} %; goal ${100 * distinctGoal} %)`,
);
print(
  `parameters / DeltaNet's     ${[0, 0.05, 0.5, 0.95, 1].map((q) => quantile(ratios, q).toFixed(2)).join('  ')}  (min, 5 %, median, 95 %, max)`,
);
print(
  `training step / DeltaNet's  ${[0, 0.05, 0.5, 0.95, 1].map((q) => quantile(costs, q).toFixed(2)).join('  ')}  (CPU time; DeltaNet ${base.toFixed(1)} ms)`,
);
print(`certificate                 ${(seconds / certificates.length).toFixed(2)} CPU-seconds each`);
for (const [test, count] of failures) print(`  failed ${test}: ${count}`);
for (const twin of twins.slice(0, 20)) print(`  a twin differs in: ${twin}`);
process.exitCode = passed >= passGoal * draws && distinct.length >= distinctGoal * draws ? 0 : 1;
