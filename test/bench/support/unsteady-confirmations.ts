import { levelOf, meanOf } from '@asi/statistics';
import { type Proportion, percent, proportion, row } from './proportion.ts';
import { confirmationsOf, type Tested, type World } from './simulated-confirmation.ts';

/** The candidates' deviation divided by the reference models'. */
const unsteadinesses = [1, 2, 4, 8] as const;
const isConfirmed = ({ conclusion }: Tested) => conclusion.status === 'confirmed';

type Errors = { readonly name: string; readonly laboratories: number; readonly cells: readonly Proportion[] };
type Level = { readonly order: number; readonly nominal: number; readonly cells: readonly Proportion[] };
type Power = { readonly effect: number; readonly foreseen: readonly number[]; readonly cells: readonly Proportion[] };

export type UnsteadyConfirmations = {
  /** Laboratories without anything to find that confirm something, by unsteadiness. */
  readonly errors: readonly Errors[];
  /** Single tests without anything to find that confirm, by place in the order and unsteadiness. */
  readonly levels: readonly Level[];
  /** Tests that find a planted effect, by `powerCases`. */
  readonly power: readonly Power[];
};

const errorCases = [
  { name: 'one campaign, its 3 best', best: 3, long: 1, share: 1 },
  { name: 'one campaign, all its 12', best: 12, long: 1, share: 1 },
  { name: '20 campaigns one after another, 3 best each', best: 3, long: 20, share: 1 / 2 },
] as const;

const powerCases = [
  { name: 'first', order: 1, pairs: 8, unsteadiness: 1 },
  { name: 'first, twice as unsteady', order: 1, pairs: 8, unsteadiness: 2 },
  { name: 'first, four times', order: 1, pairs: 8, unsteadiness: 4 },
  { name: 'fourth', order: 4, pairs: 8, unsteadiness: 1 },
  { name: 'tenth', order: 10, pairs: 8, unsteadiness: 1 },
  { name: 'tenth, 12 seeds', order: 10, pairs: 12, unsteadiness: 1 },
  { name: 'tenth, 16 seeds', order: 10, pairs: 16, unsteadiness: 1 },
] as const;

/** What confirmations of programs that are less steady than the reference models come to. */
export function unsteadyConfirmations(
  identical: World,
  campaigns: number,
  normalsOf: (...name: Array<string | number>) => () => number,
): UnsteadyConfirmations {
  const alone: World = { ...identical, best: 1, truths: [0], parents: [null] };
  const testsOf = (world: World, order: number, count: number, normal: () => number): Tested[] =>
    Array.from({ length: count }, () => confirmationsOf(world, order, normal)).flat();
  const errors = errorCases.map(({ name, best, long, share }) => {
    const laboratories = Math.ceil(campaigns * share);
    const cells = unsteadinesses.map((unsteadiness) => {
      const normal = normalsOf(name, unsteadiness);
      let erring = 0;
      for (let laboratory = 0; laboratory < laboratories; laboratory++) {
        const tested: Tested[] = [];
        for (let campaign = 0; campaign < long; campaign++)
          tested.push(...confirmationsOf({ ...identical, best, unsteadiness }, tested.length + 1, normal));
        if (tested.some(isConfirmed)) erring++;
      }
      return proportion(erring, laboratories);
    });
    return { name, laboratories, cells };
  });
  const levels = [1, 4, 10, 60].map((order) => ({
    order,
    nominal: levelOf(order),
    cells: unsteadinesses.map((unsteadiness) => {
      const tested = testsOf({ ...alone, unsteadiness }, order, 5 * campaigns, normalsOf('level', order, unsteadiness));
      return proportion(tested.filter(isConfirmed).length, tested.length);
    }),
  }));
  const power = [1, 1.5, 2, 8 / 3, 4].map((share) => {
    const effect = share * identical.deviation;
    const cases = powerCases.map(({ name, order, pairs, unsteadiness }) =>
      testsOf({ ...alone, truths: [effect], pairs, unsteadiness }, order, campaigns, normalsOf('power', name, effect)),
    );
    return {
      effect,
      foreseen: cases.map((tested) => meanOf(tested.map(({ foreseen }) => foreseen()))),
      cells: cases.map((tested) => proportion(tested.filter(isConfirmed).length, tested.length)),
    };
  });
  return { errors, levels, power };
}

/** As tables of Markdown. */
export function unsteadyTables({ errors, levels, power }: UnsteadyConfirmations): string[] {
  const rule = (columns: number) => row(...Array<string>(columns).fill('---'));
  const steady = unsteadinesses.map((one) => (one === 1 ? 'as steady as the reference models' : `${one} times`));
  return [
    row('laboratories that confirm anything, %, no program being better; deviation of the candidates', ...steady),
    rule(5),
    ...errors.map(({ name, cells }) => row(name, ...cells.map((one) => percent(one)))),
    '',
    row('single tests that confirm, %; place in the order', 'level', ...steady),
    rule(6),
    ...levels.map(({ order, nominal, cells }) =>
      row(String(order), (100 * nominal).toFixed(3), ...cells.map((one) => percent(one, 3))),
    ),
    '',
    row(
      'confirmed, % (in brackets what the director would foresee); truly better by',
      ...powerCases.map(({ name }) => name),
    ),
    rule(1 + powerCases.length),
    ...power.map(({ effect, foreseen, cells }) =>
      row(
        effect.toFixed(3),
        ...cells.map(
          ({ value }, index) => `${(100 * value).toFixed(1)} (${(100 * (foreseen[index] ?? 0)).toFixed(0)})`,
        ),
      ),
    ),
  ];
}
