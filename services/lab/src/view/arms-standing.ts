import type { ArmComparison, ArmView, JournalLine } from '@asi/reading';
import { fixed, signed, timeOfDay } from './format.ts';
import type { Paint } from './paint.ts';
import { textTable } from './text-table.ts';
import { fit, widthOf } from './text-width.ts';

const columns = [
  { title: 'arm', shortest: 8 },
  { title: 'ended', align: 'right' as const },
  { title: 'best merit' },
  { title: 'mean lift [95 %]' },
  { title: 'best lift [95 %]', expendable: 1 },
];
const plainWidth = 80;

/** Of the candidates that were sampled for it so far. */
const endedOf = ({ settled, candidates }: ArmView): string => `${settled}/${candidates}`;

const liftOf = (lift: ArmView['meanLift']): string =>
  lift ? `${signed(lift.value)} [${signed(lift.low, 2)}, ${signed(lift.high, 2)}]` : 'not known yet';

/** How far the arms of a campaign are, what each found, and how far it is above the control: for what is redrawn. */
export function armsStanding({ control, arms }: ArmComparison, width: number, paint: Paint): string[] {
  const rows = arms.map((arm) => [
    arm.name,
    endedOf(arm),
    arm.best ? `${fixed(arm.best.merit)} ${arm.best.id}` : 'none yet',
    ...(arm.name === control ? ['the control', ''] : [liftOf(arm.meanLift), liftOf(arm.bestLift)]),
  ]);
  const [head = '', ...lines] = textTable(columns, rows, width);
  return [paint.bold(head), ...lines];
}

/** The same of the arm whose candidate has just ended, as one plain line; null where the line is about none. */
export function armLine({ type, time, data }: JournalLine, comparison: ArmComparison | null): string | null {
  if (type !== 'asi.experiment.settled.v1' || !comparison) return null;
  const { arm: name } = data as { readonly arm?: string | null };
  const arm = comparison.arms.find((one) => one.name === name);
  if (!arm) return null;
  const lift = arm.name === comparison.control ? 'the control' : `mean lift ${liftOf(arm.meanLift)}`;
  const [start, end] = [`${timeOfDay(time)}  arm `, ` ${endedOf(arm)}, best ${fixed(arm.best?.merit)}, ${lift}`];
  return `${start}${fit(arm.name, plainWidth - widthOf(start) - widthOf(end))}${end}`;
}
