import type { ArmComparison, ArmView } from '@asi/reading';
import { counted, fixed, signed, thousands } from './format.ts';
import type { Paint } from './paint.ts';
import { textTable } from './text-table.ts';

type Lift = NonNullable<ArmView['meanLift']>;

const columns = [
  { title: 'arm' },
  { title: 'researcher', expendable: 3 },
  { title: 'designs', align: 'right' as const },
  { title: 'measured', align: 'right' as const },
  { title: 'failed', align: 'right' as const },
  { title: 'mean merit [95 %]' },
  { title: 'best' },
  { title: 'expected', align: 'right' as const, expendable: 2 },
  { title: 'tokens', align: 'right' as const, expendable: 4 },
  { title: 'dollars', align: 'right' as const, expendable: 5 },
  { title: 'CPU-s', align: 'right' as const, expendable: 6 },
];

/** What cannot be told in dollars is not passed off as free. */
export const dollarsText = ({ dollars, dollarsAtLeast }: ArmView): string =>
  `${dollarsAtLeast ? '≥ ' : ''}${fixed(dollars, 2)}`;

/** What is on no record is not passed off as no time. */
export const cpuSecondsText = ({ spentSeconds, spentAtLeast }: ArmView): string =>
  `${spentAtLeast ? '≥ ' : ''}${fixed(spentSeconds, 0)}`;

/** What stands under a table of arms with such a number; empty without one. */
export const cpuSecondsNote = (arms: readonly ArmView[]): string =>
  arms.some(({ spentAtLeast }) => spentAtLeast)
    ? '≥ before CPU-seconds: certificates of draws that were thrown away are on no record, nor what probes of an engineer took and certificates of programs that it discarded or replaced. An arm whose engineer is a model has probes, the others have none.'
    : '';

export const percentText = (share: number | null): string => (share === null ? '-' : `${Math.round(100 * share)} %`);

const cells = (arm: ArmView): string[] => [
  arm.name,
  arm.minds.researcher,
  String(arm.candidates),
  String(arm.measured),
  percentText(arm.failedShare),
  arm.mean ? `${fixed(arm.mean.value)} [${fixed(arm.mean.low, 2)},${fixed(arm.mean.high, 2)}]` : 'not known',
  arm.best ? `${fixed(arm.best.merit)} ${arm.best.id}` : '-',
  arm.best ? (arm.best.expected === null ? 'not known' : fixed(arm.best.expected)) : '-',
  thousands(arm.tokens),
  dollarsText(arm),
  cpuSecondsText(arm),
];

const verdicts = { better: 'above', worse: 'below', 'inside-noise': 'not told apart from' } as const;

/** An interval in words; what is not known is said to be so. */
export const liftWords = (lift: Lift | null): string =>
  lift ? `${signed(lift.value)} [${signed(lift.low)}, ${signed(lift.high)}]` : 'not known';

const liftLines = ({ name, meanLift, bestLift }: ArmView, control: string): string[] =>
  meanLift === null
    ? [`${name} against ${control}: not known, for it takes eight measured candidates of each.`]
    : [
        `${name} against ${control}: mean merit ${liftWords(meanLift)}, ${verdicts[meanLift.verdict]} the control; best of ${
          bestLift ? `${counted(bestLift.candidates, 'candidate')} each` : 'equal numbers'
        } ${liftWords(bestLift)}${bestLift ? `, ${verdicts[bestLift.verdict]} the control` : ''}.`,
      ];

/** How the arms of a campaign compare: a table, and the lift of each over the control. */
export function armsText({ control, arms }: ArmComparison, width: number, paint: Paint): string[] {
  const [head = '', ...lines] = textTable(columns, arms.map(cells), width);
  const note = cpuSecondsNote(arms);
  return [
    paint.bold(head),
    ...lines,
    '',
    ...arms.filter(({ name }) => name !== control).flatMap((arm) => liftLines(arm, control)),
    'Merit is what was measured, without the judge. Candidates without a result are not in the means; in the best they take a place. Intervals are 95 % and of one search of each arm (docs/minds/arms.md).',
    ...(note === '' ? [] : [note]),
  ];
}
