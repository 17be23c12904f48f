/**
 * How often do fingerprints take two designs for one, or one design for two?
 *
 * Run: `node test/bench/fingerprints.ts [--genomes 12] [--seed fingerprints]` (about a second of one core per program).
 * Every drawn genome is paired with each of its neighbours of one changed slot: a pair that correlates above .99999 is a
 * false collision, unless the two compute the same at the tested size. Every drawn genome is also paired with rewrites of
 * its own program (attributes renamed, parameters defined in another order): a pair that does not is a miss. Prints both
 * as Markdown, and ends with 1 when there is a false collision or a miss, or when not all was compared.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '@asi/contracts';
import { z } from 'zod';
import { components } from '../../agents/researcher/src/grammar/components.ts';
import { draw } from '../../agents/researcher/src/grammar/draw.ts';
import { emit } from '../../agents/researcher/src/grammar/emit.ts';
import type { Genome } from '../../agents/researcher/src/grammar/genome.ts';
import { repair } from '../../agents/researcher/src/grammar/repair.ts';
import { slots } from '../../agents/researcher/src/grammar/slots/slots.ts';
import { readOptions } from './support/read-options.ts';

const values = readOptions(import.meta.url, {
  genomes: { type: 'string', default: '12' },
  seed: { type: 'string', default: 'fingerprints' },
});

type Asked = { readonly name: string; readonly source: string; readonly of: string | null };

const genomes = new Map<string, Genome>();

/**
 * What the genome computes at the tested size, where half of the given heads are one: a norm per head is then one over
 * all heads. And keys that a softmax has made sum to 1 stay as they are when they are divided by their sum.
 */
const asTested = (genome: Genome): Genome => ({
  ...genome,
  outputNorm: genome.heads === 'half' && genome.outputNorm === 'rms-head' ? 'rms-full' : genome.outputNorm,
  normalisation: genome.featureMap === 'softmax' && genome.normalisation === 'l1' ? 'none' : genome.normalisation,
});

function isSameFunction(a: string, b: string): boolean {
  const [one, other] = [genomes.get(a), genomes.get(b)];
  if (one === undefined || other === undefined)
    throw new RangeError(`an answer about ${a} and ${b}, which nobody asked for`);
  return components(asTested(one)).join() === components(asTested(other)).join();
}

function asked(): Asked[] {
  const programs: Asked[] = [];
  for (let i = 0; i < Number(values.genomes); i++) {
    const parent = draw({ random: seededRandom(values.seed, i) }).genome;
    const seen = new Set([components(parent).join()]);
    const add = (name: string, genome: Genome, of: string | null): void => {
      genomes.set(name, genome);
      programs.push({ name, source: emit(genome), of });
    };
    add(`g${i}`, parent, null);
    for (const slot of slots) {
      const before = slot.read(parent);
      if (before === null) continue;
      for (const { label } of slot.options) {
        const { genome } = repair(slot.write(parent, label), [slot.name]);
        const key = components(genome).join();
        if (seen.has(key)) continue;
        seen.add(key);
        const changed = components(genome).filter((one) => !components(parent).includes(one));
        add(`g${i} ${before} -> ${changed.join(' ')}`, genome, `g${i}`);
      }
    }
  }
  return programs;
}

const answerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('collision'), a: z.string(), b: z.string(), correlation: z.number(), hash: z.boolean() }),
  z.object({ kind: z.literal('miss'), a: z.string(), rewrite: z.string(), correlation: z.number() }),
  z.object({
    kind: z.literal('sum'),
    programs: z.number(),
    neighbours: z.number(),
    rewrites: z.number(),
    pairs: z.number(),
    collisions: z.number(),
    seconds: z.number(),
  }),
]);

const repository = fileURLToPath(new URL('../../', import.meta.url));
const installed = `${process.env.ASI_TOOLCHAIN ?? `${repository}.toolchain`}/python/bin/python`;
const child = spawn(existsSync(installed) ? installed : 'python3', [`${repository}test/bench/fingerprints.py`], {
  stdio: ['pipe', 'pipe', 'inherit'],
  env: { ...process.env, PYTHONPATH: `${repository}gpu-runner/trainer`, OMP_NUM_THREADS: '1' },
});
child.stdin.end(JSON.stringify(asked()));
let [collisions, same, misses, isComplete] = [0, 0, 0, false];
for await (const line of createInterface({ input: child.stdout })) {
  const answer = answerSchema.parse(JSON.parse(line));
  if (answer.kind === 'collision') {
    const isFalse = !isSameFunction(answer.a, answer.b);
    if (isFalse) collisions += 1;
    else same += 1;
    const how = answer.hash ? 'same hash' : `r = ${answer.correlation.toFixed(5)}`;
    process.stdout.write(
      `- ${isFalse ? 'false collision' : 'the same function'}: ${answer.a} and ${answer.b} (${how})\n`,
    );
  } else if (answer.kind === 'miss') {
    misses += 1;
    process.stdout.write(
      `- miss: ${answer.a} and its rewrite (${answer.rewrite}), r = ${answer.correlation.toFixed(5)}\n`,
    );
  } else {
    isComplete = answer.programs === genomes.size && answer.rewrites > 0;
    process.stdout.write(
      `\n${answer.programs} programs, ${answer.pairs} pairs, ${answer.neighbours} of them of one changed slot: ${collisions} false collisions, ${same} pairs of one function. ` +
        `${answer.rewrites} rewrites, ${misses} missed. ${answer.seconds.toFixed(2)} CPU-seconds a fingerprint.\n`,
    );
  }
}
process.exitCode = collisions === 0 && misses === 0 && isComplete ? 0 : 1;
