/**
 * What does a certificate cost, and what does it say of ordinary programs?
 *
 * Run: `node test/bench/certificate.ts [--programs 18] [--seed certificate] [--full]` (about two minutes of one core).
 * Certifies the built-in mixers, programs that the grammar emits, and programs in the interface of published ones; prints the verdicts, the CPU-seconds of each program
 * and the mean of each test, as Markdown. Ends with 1 when one of these legal programs raises an alarm, when softmax
 * attention is not refused as quadratic and as nothing else, or when a program has no certificate.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '@asi/contracts';
import { z } from 'zod';
import { draw } from '../../agents/researcher/src/grammar/draw.ts';
import { emit } from '../../agents/researcher/src/grammar/emit.ts';
import { readOptions } from './support/read-options.ts';

const values = readOptions(import.meta.url, {
  programs: { type: 'string', default: '18' },
  seed: { type: 'string', default: 'certificate' },
  full: { type: 'boolean', default: false },
});

const repository = fileURLToPath(new URL('../../', import.meta.url));
const published = `${repository}gpu-runner/trainer/tests/foreign/programs/`;
/** The one that asks for a kernel which the adapter lacks gets no certificate, as it should. */
const unsupported = 'missing_kernel.py';
const programs = Object.fromEntries([
  ...Array.from({ length: Number(values.programs) }, (_, i) => [
    `grammar ${i + 1}`,
    emit(draw({ random: seededRandom(values.seed, i) }).genome),
  ]),
  ...readdirSync(published)
    .filter((name) => name.endsWith('.py') && name !== unsupported)
    .map((name) => [`published ${name}`, readFileSync(`${published}${name}`, 'utf8')]),
]);

const lineSchema = z.object({
  name: z.string(),
  verdict: z.string(),
  failed: z.array(z.string()),
  checks: z.record(z.string(), z.number()),
  seconds: z.number(),
});

/** The one built-in that is no linear attention, and the tests that it has to fail. */
const quadratic = { name: 'softmax-attention', failed: ['FLOP exponent', 'element exponent', 'peak tensor exponent'] };

const installed = `${process.env.ASI_TOOLCHAIN ?? `${repository}.toolchain`}/python/bin/python`;
const child = spawn(existsSync(installed) ? installed : 'python3', [`${repository}test/bench/certificate.py`], {
  stdio: ['pipe', 'pipe', 'inherit'],
  env: { ...process.env, PYTHONPATH: `${repository}gpu-runner/trainer`, OMP_NUM_THREADS: '1' },
});
child.stdin.end(JSON.stringify({ programs, full: values.full }));

const namesOf = (tests: readonly string[]): string => tests.join(', ') || 'nothing failed';
const seconds: Record<'own' | 'published', number[]> = { own: [], published: [] };
const faults: string[] = [];
const missing = new Set([quadratic.name, ...Object.keys(programs)]);
const byCheck = new Map<string, number[]>();
process.stdout.write('| program | verdict | CPU-seconds | failed tests |\n| --- | --- | ---: | --- |\n');
for await (const line of createInterface({ input: child.stdout })) {
  const one = lineSchema.parse(JSON.parse(line));
  seconds[one.name.startsWith('published') ? 'published' : 'own'].push(one.seconds);
  missing.delete(one.name);
  const [verdict, failed] = one.name === quadratic.name ? ['fail', quadratic.failed] : ['pass', []];
  if (one.verdict !== verdict || one.failed.toSorted().join() !== failed.toSorted().join())
    faults.push(`${one.name}: ${one.verdict} (${namesOf(one.failed)}) instead of ${verdict} (${namesOf(failed)})`);
  for (const [check, spent] of Object.entries(one.checks)) byCheck.set(check, [...(byCheck.get(check) ?? []), spent]);
  process.stdout.write(
    `| ${one.name} | ${one.verdict} | ${one.seconds.toFixed(1)} | ${one.failed.join(', ') || '-'} |\n`,
  );
}

for (const [kind, all] of Object.entries(seconds)) {
  const sorted = all.toSorted((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1);
  const words = kind === 'own' ? 'programs' : 'programs in the interface of published ones';
  process.stdout.write(`\n${sorted.length} ${words}: median ${at(0.5)} CPU-seconds, ${at(0)} to ${at(1)}.\n`);
}
process.stdout.write('\n| test | mean ms | largest ms |\n| --- | ---: | ---: |\n');
for (const [check, all] of byCheck) {
  const mean = all.reduce((sum, one) => sum + one, 0) / all.length;
  process.stdout.write(`| ${check} | ${(1000 * mean).toFixed(0)} | ${(1000 * Math.max(...all)).toFixed(0)} |\n`);
}

faults.push(...[...missing].map((name) => `${name}: no certificate`));
process.stdout.write(faults.length === 0 ? '\nNo false alarm, none missed.\n' : `\n${faults.join('\n')}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
