/**
 * Does a search find better designs when what the analyst has learnt steers the next designs?
 *
 * Run: `node test/bench/insight-feedback.ts [--candidates 24] [--repetitions 60] [--noise 0.12] [--in-flight 6] [--seed text]`.
 * Policy, grammar, designs and estimation are the real ones; merit comes from random synthetic landscapes with
 * interactions, so this says whether the feedback can help, not that it helps with real mixers. Each repetition runs
 * the three arms on the same landscape with the same luck, so differences are paired.
 */

import { readOptions } from './support/read-options.ts';
import { type Feedback, type Outcome, simulateCampaign } from './support/simulated-campaign.ts';
import { syntheticLandscape } from './support/synthetic-landscape.ts';

const arms: readonly Feedback[] = ['yes', 'shuffled', 'no'];

const values = readOptions(import.meta.url, {
  candidates: { type: 'string', default: '24' },
  repetitions: { type: 'string', default: '60' },
  noise: { type: 'string', default: '0.12' },
  'in-flight': { type: 'string', default: '6' },
  seed: { type: 'string', default: 'feedback' },
  json: { type: 'boolean', default: false },
});

function count(name: 'candidates' | 'repetitions' | 'in-flight', least: number): number {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= least) return value;
  process.stderr.write(`--${name} takes a whole number of at least ${least}, for example --${name} ${least + 20}\n`);
  process.exit(2);
}
const candidates = count('candidates', 1);
const repetitions = count('repetitions', 2);
const inFlight = count('in-flight', 1);
const noise = Number(values.noise);
if (!(noise >= 0 && noise < 1)) {
  process.stderr.write('--noise takes a standard deviation of merit from 0 to 1, for example --noise 0.05\n');
  process.exit(2);
}

/** Mean and 95 % interval (normal approximation). */
function interval(all: readonly number[]): { mean: number; low: number; high: number } {
  const mean = all.reduce((sum, one) => sum + one, 0) / all.length;
  const deviation = Math.sqrt(all.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (all.length - 1));
  const half = (1.96 * deviation) / Math.sqrt(all.length);
  return { mean, low: mean - half, high: mean + half };
}

const outcomes: Record<Feedback, Outcome[]> = { yes: [], shuffled: [], no: [] };
for (let repetition = 0; repetition < repetitions; repetition++) {
  const seed = `${values.seed}/${repetition}`;
  const landscape = syntheticLandscape(seed);
  for (const feedback of arms) {
    outcomes[feedback].push(simulateCampaign({ landscape, seed, feedback, candidates, noise, inFlight }));
  }
}

const measures = ['winner', 'mean'] as const;
const unrepaired = arms.flatMap((arm) => outcomes[arm]).reduce((sum, one) => sum + one.unrepaired, 0);
const lift = (measure: (typeof measures)[number], against: Feedback) =>
  interval(outcomes.yes.map((one, i) => one[measure] - (outcomes[against][i]?.[measure] ?? 0)));
const result = {
  simulated: true,
  unrepaired,
  settings: { candidates, repetitions, noise, inFlight, seed: values.seed },
  arms: Object.fromEntries(
    arms.map((arm) => [
      arm,
      Object.fromEntries(measures.map((measure) => [measure, interval(outcomes[arm].map((one) => one[measure]))])),
    ]),
  ),
  lift: Object.fromEntries(
    measures.map((measure) => [measure, { shuffled: lift(measure, 'shuffled'), no: lift(measure, 'no') }]),
  ),
};

const print = (line: string): boolean => process.stdout.write(`${line}\n`);
const told = ({ mean, low, high }: { mean: number; low: number; high: number }): string =>
  `${mean.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
const verdict = ({ low, high }: { low: number; high: number }): string =>
  low > 0 ? 'better' : high < 0 ? 'worse' : 'no difference shown';

if (values.json) print(JSON.stringify(result));
else {
  print(`SIMULATED landscapes (not real training): ${repetitions} of them, ${candidates} candidates each,`);
  print(
    `noise ${noise} per measurement, ${inFlight} candidates under way at once. True merit, DeltaNet = 0.5; 95 % intervals.`,
  );
  print('');
  print('feedback   best by measurement      mean of all candidates');
  for (const arm of arms) {
    const one = outcomes[arm];
    print(
      `${arm.padEnd(10)} ${told(interval(one.map(({ winner }) => winner))).padEnd(24)} ${told(interval(one.map(({ mean }) => mean)))}`,
    );
  }
  print('');
  for (const against of ['shuffled', 'no'] as const) {
    const [winner, mean] = [lift('winner', against), lift('mean', against)];
    print(
      `yes minus ${against.padEnd(9)} best ${told(winner)} (${verdict(winner)}), mean ${told(mean)} (${verdict(mean)})`,
    );
  }
  print('');
  print(
    'What this shows: the estimates carry usable information in worlds where components have effects of their own.',
  );
  print(
    'What it does not show: that real mixers are such a world. Only campaigns with learnFromInsights yes, no and shuffled can.',
  );
}
