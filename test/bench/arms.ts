/**
 * How often does the comparison of arms find what is there, and how often what is not?
 *
 * Run: `node test/bench/arms.ts [--repetitions 300] [--noise 0.05] [--in-flight 4] [--seed text] [--json]`.
 * Policy, grammar, designs and estimation are the real ones, merit comes from random synthetic landscapes. An arm is a
 * search of its own, as the house isolates it: two arms that think alike differ by luck alone. Of the two intervals it
 * counts how often they hold the planted lift, and how often they exclude zero on its side.
 */
import { bestLift, type Lift, meanLift } from '@asi/statistics';
import { readOptions } from './support/read-options.ts';
import { simulateCampaign } from './support/simulated-campaign.ts';
import { syntheticLandscape } from './support/synthetic-landscape.ts';

const sizes = [8, 12, 24, 48];
const lifts = [0, 0.05, 0.1, 0.2];

const values = readOptions(import.meta.url, {
  repetitions: { type: 'string', default: '300' },
  noise: { type: 'string', default: '0.05' },
  'in-flight': { type: 'string', default: '4' },
  seed: { type: 'string', default: 'arms' },
  json: { type: 'boolean', default: false },
});
const repetitions = Number(values.repetitions);
const inFlight = Number(values['in-flight']);
const noise = Number(values.noise);
if (!(Number.isInteger(repetitions) && repetitions > 1 && Number.isInteger(inFlight) && inFlight > 0)) {
  process.stderr.write(
    '--repetitions and --in-flight take whole numbers, for example --repetitions 300 --in-flight 4\n',
  );
  process.exit(2);
}
if (!(noise >= 0 && noise < 1)) {
  process.stderr.write('--noise takes a standard deviation of merit from 0 to 1, for example --noise 0.05\n');
  process.exit(2);
}

type Search = { readonly arm: readonly number[]; readonly control: readonly number[] };

const most = Math.max(...sizes);
const searches = Array.from({ length: repetitions }, (_, repetition): Search => {
  const seed = `${values.seed}/${repetition}`;
  const landscape = syntheticLandscape(seed);
  const measured = (arm: string) =>
    simulateCampaign({ landscape, seed, arm, feedback: 'yes', candidates: most, noise, inFlight }).measured;
  return { arm: measured('arm'), control: measured('control') };
});

const methods = { mean: meanLift, best: bestLift } as const;
type Method = keyof typeof methods;

function tally(method: Method, size: number, planted: number) {
  const lifted = searches.flatMap(({ arm, control }): Lift[] => {
    const first = arm.slice(0, size).map((merit) => merit + planted);
    const lift = methods[method](first, control.slice(0, size));
    return lift === null ? [] : [lift];
  });
  const share = (holds: (lift: Lift) => boolean) => lifted.filter(holds).length / lifted.length;
  return {
    method,
    candidates: size,
    planted,
    holds: share(({ low, high }) => low <= planted && planted <= high),
    above: share(({ low }) => low > 0),
    below: share(({ high }) => high < 0),
    width: lifted.reduce((sum, { low, high }) => sum + high - low, 0) / lifted.length,
  };
}

const rows = (['mean', 'best'] as const).flatMap((method) =>
  sizes.flatMap((size) => lifts.map((planted) => tally(method, size, planted))),
);
const print = (line: string): boolean => process.stdout.write(`${line}\n`);
if (values.json)
  print(JSON.stringify({ simulated: true, settings: { repetitions, noise, inFlight, seed: values.seed }, rows }));
else {
  print(`SIMULATED landscapes (not real training): ${repetitions} pairs of searches, noise ${noise} per measurement,`);
  print(`${inFlight} candidates of an arm under way at once. Shares of the repetitions; lifts in merit.`);
  print('');
  print('lift of  candidates of each  planted  interval holds it  above 0  below 0  mean width');
  for (const { method, candidates, planted, holds, above, below, width } of rows) {
    const cells = [
      method.padEnd(8),
      String(candidates).padStart(18),
      planted.toFixed(2).padStart(8),
      holds.toFixed(3).padStart(18),
      above.toFixed(3).padStart(8),
      below.toFixed(3).padStart(8),
      width.toFixed(3).padStart(11),
    ];
    print(cells.join(' '));
  }
}
