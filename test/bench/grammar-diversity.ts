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
import { seededRandom } from '@asi/contracts';
import { z } from 'zod';
import { differences } from '../../agents/researcher/src/grammar/differences.ts';
import { draw } from '../../agents/researcher/src/grammar/draw.ts';
import { emit } from '../../agents/researcher/src/grammar/emit.ts';
import type { Genome } from '../../agents/researcher/src/grammar/genome.ts';
import { parameterRatio } from '../../agents/researcher/src/grammar/parameters.ts';

const passGoal = 0.9;
const distinctGoal = 0.5;
const sameAbove = 0.999;
/** A process is replaced after this many programs: what certificates leave in its memory must not add up. */
const perProcess = 100;

const certificateSchema = z.object({
  verdict: z.string(),
  findings: z.array(z.object({ test: z.string(), kind: z.string(), status: z.string(), message: z.string() })),
  fingerprint: z.array(z.array(z.number())),
  cpuSeconds: z.number(),
  /** CPU time of a forward and backward pass, relative to DeltaNet's measured just before. */
  cost: z.number(),
});
type Certificate = z.infer<typeof certificateSchema>;

/** Certifies the programs on its standard input (one JSON string per line), and times a pass of each. */
const script = `
import json, sys, time
import torch
from trainer.certificate.certify import certify
from trainer.mixers.registry import builtin_class
from trainer.protocol.numbers import to_json
torch.set_num_threads(1)

def seconds(mixer, x):
    times = []
    for _ in range(4):
        started = time.process_time()
        mixer(x).square().mean().backward()
        times.append(time.process_time() - started)
    return min(times)

reference, x = builtin_class("delta-net")(64, 2), torch.randn(32, 64, 64)
for line in sys.stdin:
    source = json.loads(line)
    namespace = {"__name__": "candidate"}
    exec(compile(source, "<candidate>", "exec"), namespace)
    base = seconds(reference, x)
    cost = seconds(namespace["Mixer"](64, 2), x) / base
    print(to_json({**certify(source, 64, 2, 1.5), "cost": cost}), flush=True)
`;

import { readOptions } from './support/read-options.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));

function python(): string {
  const installed = `${process.env.ASI_TOOLCHAIN ?? `${repository}.toolchain`}/python/bin/python`;
  return process.env.ASI_PYTHON ?? (existsSync(installed) ? installed : 'python3');
}

async function* certify(sources: readonly string[]): AsyncGenerator<Certificate> {
  const env = { ...process.env, OMP_NUM_THREADS: '1', PYTHONPATH: `${repository}gpu-runner/trainer` };
  for (let from = 0; from < sources.length; from += perProcess) {
    const batch = sources.slice(from, from + perProcess);
    const child = spawn(python(), ['-c', script], { env, stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.end(batch.map((source) => `${JSON.stringify(source)}\n`).join(''));
    let answered = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      yield certificateSchema.parse(JSON.parse(line));
      answered++;
    }
    if (answered < batch.length) throw new Error(`the certifying process ended after ${answered} of ${batch.length}`);
  }
}

function correlation(a: readonly number[], b: readonly number[]): number {
  // Segments are standardised already: mean 0, variance 1 (within rounding); constant ones are zero.
  const product = (x: readonly number[], y: readonly number[]): number =>
    x.reduce((sum, value, index) => sum + value * (y[index] ?? 0), 0);
  const norm = Math.sqrt(product(a, a) * product(b, b));
  return norm === 0 ? 1 : product(a, b) / norm;
}

const isTwin = (a: Certificate, b: Certificate): boolean =>
  a.fingerprint.every((segment, index) => correlation(segment, b.fingerprint[index] ?? []) > sameAbove);

/** Minimum, 5 %, median, 95 % and maximum. */
function spread(numbers: readonly number[]): string {
  const sorted = [...numbers].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
  return [0, 0.05, 0.5, 0.95, 1].map((share) => at(share).toFixed(2)).join('  ');
}

const print = (line: string): boolean => process.stdout.write(`${line}\n`);
const percent = (count: number, of: number): string => `${count} (${((100 * count) / of).toFixed(1)} %)`;

const values = readOptions(import.meta.url, {
  draws: { type: 'string', default: '1000' },
  seed: { type: 'string', default: 'diversity' },
});
const draws = Number(values.draws);
if (!Number.isInteger(draws) || draws < 1) {
  process.stderr.write('--draws takes a whole number of at least 1, for example --draws 200\n');
  process.exit(2);
}

const genomes: Genome[] = Array.from(
  { length: draws },
  (_, index) => draw({ random: seededRandom(values.seed, index) }).genome,
);
const certificates: Certificate[] = [];
const distinct: Array<{ genome: Genome; certificate: Certificate }> = [];
const failures = new Map<string, number>();
const twins: string[] = [];
let passed = 0;

function take(genome: Genome, certificate: Certificate): void {
  for (const { test, status, kind } of certificate.findings) {
    if (status === 'fail') failures.set(`${test} (${kind})`, (failures.get(`${test} (${kind})`) ?? 0) + 1);
  }
  if (certificate.verdict !== 'pass') return;
  passed++;
  const twin = distinct.find((other) => isTwin(certificate, other.certificate));
  if (twin === undefined) distinct.push({ genome, certificate });
  else {
    const told = differences(twin.genome, genome).map(({ slot, from, to }) => `${slot} ${from} / ${to}`);
    twins.push(told.join(', ') || 'nothing');
  }
}

for await (const certificate of certify(genomes.map(emit))) {
  const genome = genomes[certificates.length];
  if (genome === undefined) break;
  certificates.push(certificate);
  take(genome, certificate);
  if (certificates.length % 100 === 0)
    print(`${certificates.length} draws: ${passed} pass, ${distinct.length} distinct`);
}

const seconds = certificates.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
print(`draws                           ${draws}`);
print(`pass the certificate            ${percent(passed, draws)}, goal ${100 * passGoal} %`);
print(`behave differently              ${percent(distinct.length, draws)}, goal ${100 * distinctGoal} %`);
print(`                                min   5 %   median 95 %  max`);
print(`parameters / DeltaNet           ${spread(genomes.map((genome) => parameterRatio(genome)))}`);
print(`forward + backward / DeltaNet   ${spread(certificates.map(({ cost }) => cost))}  (CPU time, B=32, T=64, d=64)`);
print(`certificate                     ${(seconds / certificates.length).toFixed(2)} CPU-seconds each`);
for (const [test, count] of failures) print(`  failed ${test}: ${count}`);
for (const twin of twins.slice(0, 20)) print(`  twins differ in: ${twin}`);
process.exitCode = passed >= passGoal * draws && distinct.length >= distinctGoal * draws ? 0 : 1;
