/**
 * What do confirmations confirm, of programs that are no better and of programs that are better by a known amount?
 *
 * Run: `node test/bench/confirmation.ts [--campaigns 4000] [--deviation 0.03] [--seed text] [--json]`.
 * Everything but training is the real thing: noise from 13 simulated reference runs, the choice of whom to confirm, the
 * levels over the order, looks, giving up, conclusions, intervals and shrinkage. Merit is normal around a known truth.
 * Exits with 1 when laboratories without anything to find confirm something in more than 5 %, or one test misses its level.
 */
import { seededRandom } from '@asi/contracts';
import { percent, proportion, row } from './support/proportion.ts';
import { readOptions } from './support/read-options.ts';
import { confirmationsOf, normals, type Tested, type World } from './support/simulated-confirmation.ts';
import { unsteadyConfirmations, unsteadyTables } from './support/unsteady-confirmations.ts';

const values = readOptions(import.meta.url, {
  campaigns: { type: 'string', default: '4000' },
  deviation: { type: 'string', default: '0.03' },
  seed: { type: 'string', default: 'confirmation' },
  json: { type: 'boolean', default: false },
});
const campaigns = Number(values.campaigns);
const deviation = Number(values.deviation);
if (!(Number.isInteger(campaigns) && campaigns >= 100 && deviation > 0 && deviation < 1)) {
  process.stderr.write('usage: --campaigns N (at least 100) --deviation D (of merit, between 0 and 1)\n');
  process.exit(2);
}

const candidates = 12;
const identical: World = {
  deviation,
  unsteadiness: 1,
  pairing: 0,
  truths: Array(candidates).fill(0),
  parents: Array(candidates).fill(null),
  best: 3,
  pairs: 8,
  ungated: true,
};

const mean = (all: readonly number[]) => all.reduce((sum, one) => sum + one, 0) / Math.max(1, all.length);
const isConfirmed = ({ conclusion }: Tested) => conclusion.status === 'confirmed';

/** Laboratories of `long` campaigns each; the order goes on from campaign to campaign. */
function laboratories(world: World, name: string, long = 1, count = campaigns): Tested[][] {
  const normal = normals(seededRandom(values.seed, deviation, name));
  return Array.from({ length: count }, () => {
    const tested: Tested[] = [];
    for (let campaign = 0; campaign < long; campaign++)
      tested.push(...confirmationsOf(world, tested.length + 1, normal));
    return tested;
  });
}

/** Eight seeds cannot exclude a failure that comes once in five: what the documents admit, and no goal. */
const knownLimit = '2.5 times as unsteady, because one seed in five fails';

const nothingToFind: Array<{ name: string; world: World; long?: number }> = [
  { name: 'one campaign, its 3 best, as a person would send them', world: identical },
  { name: 'one campaign, its best, only if worthwhile', world: { ...identical, best: 1, ungated: false } },
  { name: '20 campaigns one after another, 3 best each', world: identical, long: 20 },
  {
    name: 'parents that are candidates themselves',
    world: { ...identical, parents: identical.truths.map((_, index) => (index === 0 ? null : index - 1)) },
  },
  { name: 'common seeds make pairs alike (correlation 0.5)', world: { ...identical, pairing: 0.5 } },
  { name: 'candidates twice as unsteady as the reference models', world: { ...identical, unsteadiness: 2 } },
  { name: 'candidates four times as unsteady', world: { ...identical, unsteadiness: 4 } },
  {
    name: 'every program, DeltaNet too, fails with one seed in five',
    world: { ...identical, oneInFiveFails: 'every program' },
  },
  { name: knownLimit, world: { ...identical, unsteadiness: 2.5, oneInFiveFails: 'candidates' } },
];

const nulls = nothingToFind.map(({ name, world, long = 1 }) => {
  const all = laboratories(world, name, long, long > 1 ? Math.ceil(campaigns / 4) : campaigns);
  const tested = all.flat();
  return {
    name,
    laboratories: all.length,
    confirmsAnything: proportion(all.filter((one) => one.some(isConfirmed)).length, all.length),
    pairs: mean(tested.map(({ conclusion }) => conclusion.pairs)),
    runs: tested.reduce((sum, one) => sum + one.runs, 0) / all.length,
    tooHigh: {
      provisional: mean(tested.map(({ provisional, truth }) => provisional - truth)),
      shrunk: mean(tested.map(({ shrunk, truth }) => shrunk.mean - truth)),
    },
  };
});

const effects = [1, 1.5, 2, 8 / 3, 4].map((share) => share * deviation);
const planted = effects.map((effect) => {
  const alone = { ...identical, best: 1, truths: [effect], parents: [null] };
  const power = (name: string, change: Partial<World>, order = 1) => {
    const normal = normals(seededRandom(values.seed, deviation, effect, name));
    const tested = Array.from({ length: campaigns }, () =>
      confirmationsOf({ ...alone, ...change }, order, normal),
    ).flat();
    return { tested, found: proportion(tested.filter(isConfirmed).length, campaigns) };
  };
  const first = power('first', {});
  const among = laboratories(
    {
      ...identical,
      best: 1,
      ungated: false,
      truths: identical.truths.map((_, index) => (index === 5 ? effect : -0.02 * index)),
    },
    `among ${effect}`,
  );
  const sent = among.flat();
  const finalLooks = among.flat().map((one) => ({ one, look: one.conclusion.comparisons[0]?.look }));
  return {
    effect,
    first: first.found,
    pairs: mean(first.tested.map(({ conclusion }) => conclusion.pairs)),
    runs: mean(first.tested.map(({ runs }) => runs)),
    tenth: power('tenth', {}, 10).found,
    sixteenSeeds: power('sixteen', { pairs: 16 }).found,
    withParent: power('parent', { truths: [effect, 0], parents: [1, null] }).found,
    among: {
      found: proportion(
        among.filter((one) => one.some((each) => isConfirmed(each) && each.truth === effect)).length,
        campaigns,
      ),
      tooHigh: {
        provisional: mean(sent.map(({ provisional, truth }) => provisional - truth)),
        fresh: mean(sent.map(({ conclusion, truth }) => (conclusion.comparisons[0]?.look?.effect ?? 0) - truth)),
        shrunk: mean(sent.map(({ shrunk, truth }) => shrunk.mean - truth)),
      },
      covered: proportion(
        finalLooks.filter(({ one, look }) => look && look.low <= one.truth && one.truth <= look.high).length,
        finalLooks.length,
      ),
    },
  };
});

const unsteady = unsteadyConfirmations(identical, campaigns, (...name) =>
  normals(seededRandom(values.seed, deviation, ...name)),
);

const signed = (value: number) => `${value >= 0 ? '+' : ''}${value.toFixed(3)}`;

if (values.json)
  process.stdout.write(`${JSON.stringify({ campaigns, deviation, nulls, unsteady, planted }, null, 2)}\n`);
else {
  const lines = [
    `deviation of one run ${deviation}, ${campaigns} simulated campaigns a row, 8 pairs at most; [95 % interval]`,
    '',
    row(
      'no program is better than DeltaNet',
      'laboratories that confirm anything, %',
      'pairs a test',
      'runs a laboratory',
      'provisional difference too high by',
      'shrunk effect too high by',
    ),
    row('---', '---', '---', '---', '---', '---'),
    ...nulls.map((one) =>
      row(
        one.name,
        percent(one.confirmsAnything),
        one.pairs.toFixed(1),
        one.runs.toFixed(0),
        signed(one.tooHigh.provisional),
        signed(one.tooHigh.shrunk),
      ),
    ),
    '',
    ...unsteadyTables(unsteady),
    '',
    row(
      'truly better by',
      'first of the laboratory: confirmed, %',
      'pairs',
      'runs',
      'tenth: confirmed, %',
      '16 seeds, first: %',
      'against DeltaNet and a parent as good as it, %',
    ),
    row('---', '---', '---', '---', '---', '---', '---'),
    ...planted.map((one) =>
      row(
        one.effect.toFixed(3),
        percent(one.first),
        one.pairs.toFixed(1),
        one.runs.toFixed(1),
        percent(one.tenth),
        percent(one.sixteenSeeds),
        percent(one.withParent),
      ),
    ),
    '',
    row(
      'one of 12 is better by',
      'it is chosen and confirmed, %',
      'of whoever is sent, the provisional difference is too high by',
      'fresh mean at the stop',
      'shrunk',
      'intervals that contain the truth, %',
    ),
    row('---', '---', '---', '---', '---', '---'),
    ...planted.map(({ effect, among }) =>
      row(
        effect.toFixed(3),
        percent(among.found),
        signed(among.tooHigh.provisional),
        signed(among.tooHigh.fresh),
        signed(among.tooHigh.shrunk),
        percent(among.covered),
      ),
    ),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
// Above 5 % beyond what chance of the simulation explains, the goal is missed.
const missed =
  nulls.some(({ name, confirmsAnything }) => name !== knownLimit && confirmsAnything.low > 0.05) ||
  unsteady.errors.some(({ cells }) => cells.some(({ low }) => low > 0.05)) ||
  unsteady.levels.some(({ nominal, cells }) => cells.some(({ low }) => low > nominal));
process.exitCode = missed ? 1 : 0;
