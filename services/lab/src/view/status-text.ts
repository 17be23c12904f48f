import { isOpenCampaign } from '@asi/contracts';
import type { ArmComparison, CampaignSummary, Costs, Progress, Status } from '@asi/reading';
import type { ProcessState } from '../stack/process-state.ts';
import { armsStanding } from './arms-standing.ts';
import { campaignStateWords } from './campaign-state-words.ts';
import { duration, megabytes } from './format.ts';
import type { Paint } from './paint.ts';
import { campaignSpentText } from './spent-text.ts';
import { textTable } from './text-table.ts';
import { printable } from './text-width.ts';
import { waitLine, waitsOf } from './wait-lines.ts';

const shownDeadLetters = 10;
const armsWidth = 80;

export type StatusView = Status & {
  readonly stack: {
    readonly pid: number;
    readonly startedAt: string;
    readonly dashboard: string | null;
    readonly supervised: readonly ProcessState[];
  } | null;
  readonly campaigns: ReadonlyArray<Omit<CampaignSummary, 'settings'>>;
  readonly progress: Progress | null;
  /** Of the campaign whose progress is shown. */
  readonly costs: Costs | null;
  /** Of the same campaign; null where it is not split. */
  readonly arms: ArmComparison | null;
  /** Whether somebody asked for the progress of this campaign; without, that of an ended one is left out. */
  readonly asked?: boolean;
};

/** The laboratory at one look. */
export function statusText(view: StatusView, paint: Paint, now: Date): string[] {
  const { stack, processes, campaigns, progress, deadLetters, deadLetterCounts, backlog } = view;
  const dead = Object.values(deadLetterCounts).reduce((sum, count) => sum + count, 0);
  const stopped = !stack && processes.length === 0;
  const age = ageAt(now);
  return [
    stack
      ? `${paint.good('the stack runs')} (process ${stack.pid}, since ${age(stack.startedAt)})${stack.dashboard ? `, dashboard ${stack.dashboard}` : ''}`
      : stopped
        ? 'the stack is stopped: asi up starts it, asi run starts or continues a campaign'
        : 'the stack runs elsewhere: its processes answer at the given servers',
    '',
    ...processLines({ processes, supervised: stack?.supervised ?? [], deadLetterCounts }, paint, age),
    ...waitsOf(processes, now).map((one) => paint.bad(waitLine(one, now))),
    ...campaigns.map(
      ({ id, title, state, note }) =>
        `campaign ${id} "${printable(title)}" is ${campaignStateWords(state, !stopped)}${note ? `: ${printable(note)}` : ''}`,
    ),
    ...(campaigns.length === 0 ? ['there is no campaign yet: asi run starts one'] : []),
    ...(progress && (view.asked || isOpenCampaign(progress))
      ? [
          `${progress.campaignId}: ${progress.candidates.completed} of ${progress.candidates.wanted} candidates, ${progress.baselines.completed} of ${progress.baselines.wanted} baseline runs${progress.baselines.withoutResult > 0 ? ` (${progress.baselines.withoutResult} more without a result)` : ''}, ${progress.inFlight.length} under way`,
          ...(view.costs ? [`${progress.campaignId} spent ${campaignSpentText(view.costs.total)}`] : []),
          ...(view.arms ? armsStanding(view.arms, armsWidth, paint) : []),
        ]
      : []),
    ...(stopped ? [] : backlog)
      .filter(({ waiting, underWay }) => waiting + underWay > 0)
      .map(({ consumer, waiting, underWay }) => `${consumer}: ${waiting} messages waiting, ${underWay} being handled`),
    ...(dead > 0
      ? [
          '',
          paint.bad(`dead letters: ${dead} (messages nobody could handle)`),
          ...deadLetters
            .slice(0, shownDeadLetters)
            .map(
              (one) => `  ${one.at}  ${one.consumer}  ${one.experimentId ?? '-'}  ${one.code}: ${printable(one.why)}`,
            ),
          ...(dead > shownDeadLetters
            ? [`  and ${dead - shownDeadLetters} more: asi journal --type dead-letter lists all`]
            : []),
        ]
      : []),
  ];
}

/** What lab itself knows of the stack. */
export function supervisedText(
  stack: Pick<NonNullable<StatusView['stack']>, 'pid' | 'startedAt'> & { readonly processes: readonly ProcessState[] },
  paint: Paint,
  now: Date,
): string[] {
  const age = ageAt(now);
  return [
    `the stack of process ${stack.pid} (since ${age(stack.startedAt)}) has these processes:`,
    '',
    ...processLines({ processes: [], supervised: stack.processes, deadLetterCounts: {} }, paint, age),
  ];
}

const ageAt =
  (now: Date) =>
  (iso: string): string =>
    duration((now.getTime() - Date.parse(iso)) / 1000);

function processLines(
  {
    processes,
    supervised,
    deadLetterCounts,
  }: Pick<StatusView, 'processes' | 'deadLetterCounts'> & { readonly supervised: readonly ProcessState[] },
  paint: Paint,
  age: (iso: string) => string,
): string[] {
  const rows = processes.map((one) => [
    one.role,
    one.state,
    one.tasks.map((task) => `${task.experimentId} ${task.state}`).join(', ') || '-',
    restartsOf(supervised.filter((process) => isOfRole(process, one.role))),
    String(one.handled),
    String(one.failed),
    String(deadLetterCounts[one.role] ?? 0),
    megabytes(one.memoryBytes),
    age(one.startedAt),
  ]);
  const silent = supervised.filter((one) => !processes.some(({ role }) => isOfRole(one, role)));
  const others = silent.map((one) => [
    one.name,
    // Servers are known by lab alone; a process of the house that runs must answer.
    one.state === 'running' && processes.length > 0 && !one.url ? 'does not answer' : one.state,
    one.state === 'backing-off' && one.lastError ? printable(one.lastError.message) : (one.url ?? '-'),
    String(one.restarts),
    '-',
    '-',
    '-',
    '-',
    age(one.since),
  ]);
  if (rows.length + others.length === 0) return [];
  const [head = '', ...lines] = textTable(
    [
      { title: 'process' },
      { title: 'state' },
      { title: 'doing', shortest: 20 },
      { title: 'restarts', align: 'right' },
      { title: 'handled', align: 'right' },
      { title: 'tries failed', align: 'right' },
      { title: 'dead letters', align: 'right' },
      { title: 'memory', align: 'right' },
      { title: 'since', align: 'right' },
    ],
    [...rows, ...others],
    160,
  );
  return [paint.bold(head), ...lines, ''];
}

/** Several processes of one role are its name with numbers. */
const isOfRole = ({ name }: ProcessState, role: string): boolean => name === role || name.startsWith(`${role}-`);

/** How often lab started the processes of a role again; where something else keeps them running, nobody here knows. */
function restartsOf(processes: readonly ProcessState[]): string {
  if (processes.length === 0) return '-';
  const restarts = processes.reduce((sum, one) => sum + one.restarts, 0);
  return processes.length === 1 ? String(restarts) : `${restarts} in all`;
}
