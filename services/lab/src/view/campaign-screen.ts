import { type InflightRow, type LeaderboardRow, type Progress, roughSecondsLeft } from '@asi/reading';
import type { ProcessState } from '../stack/process-state.ts';
import { armsStanding } from './arms-standing.ts';
import { fitName } from './fit-name.ts';
import { flaggedWord } from './flagged-text.ts';
import { duration, fixed, signed, timeOfDay } from './format.ts';
import type { LiveModel, TrainingNow } from './live-campaign.ts';
import type { Paint } from './paint.ts';
import { stageOf } from './stage-of.ts';
import { toldAfterMilliseconds } from './tell-waits.ts';
import { textTable } from './text-table.ts';
import { fit, fitLine, printable } from './text-width.ts';
import { verdictWords } from './verdict-words.ts';
import { waitLine, waitsOf } from './wait-lines.ts';

export type ScreenInput = {
  readonly model: LiveModel;
  readonly supervised: readonly ProcessState[];
  readonly dashboard: string | null;
  readonly hint: string;
  readonly columns: number;
  readonly rows: number;
  readonly now: Date;
  readonly paint: Paint;
};

/** The terminal view of a campaign: at most `rows - 1` lines of at most `columns` characters. */
export function campaignScreen(input: ScreenInput): string[] {
  const { model, columns, rows } = input;
  const { progress } = model;
  const height = Math.max(8, rows - 1);
  if (!progress) return [fitLine(model.trouble ?? 'waiting for the campaign', columns)];
  const head = headLines(progress, input);
  const foot = [...processLines(input), footLine(input)].map((line) => fitLine(line, columns));
  const room = height - head.length - foot.length;
  const underWay = progress.inFlight.map((row) => ({ ...row, state: stageOf(row, model.processes) }));
  // Of a high terminal the messages get a third, of a low one a few lines.
  const most = Math.min(Math.max(9, Math.floor((2 * room) / 3)), room - 4);
  const table = inflightLines(underWay, model.training, input, Math.max(2, most));
  const eventRoom = Math.max(0, room - table.length - 2);
  const events = model.events
    .slice(-Math.max(1, eventRoom))
    .map((line) =>
      fit(
        `${timeOfDay(line.time)}  ${line.experimentId ?? line.campaignId ?? ''}  ${printable(line.summary)}`,
        columns,
      ),
    );
  const shownEvents = eventRoom === 0 ? [] : ['', ...events, ''];
  return [...[...head, ...table, ...shownEvents].slice(0, height - foot.length), ...foot];
}

/** By the pace of the campaign, which its second measurement gives; before it, by how far its first trainings have come. */
function timeLeft(progress: Progress, { model, now }: ScreenInput): string {
  if (progress.secondsLeft !== null) return `about ${duration(progress.secondsLeft)} left`;
  const rough = roughSecondsLeft(progress, (id) => model.training.get(id)?.share ?? null, now);
  if (rough === null) return 'time left not known yet';
  return `very roughly ${Math.max(1, Math.ceil(rough / 60))} min left`;
}

function headLines(progress: Progress, input: ScreenInput): string[] {
  const { columns, paint, model, now } = input;
  const { candidates, baselines, confirmations, work } = progress;
  const title = `${progress.campaignId} ${printable(progress.title)}`;
  const state =
    progress.state === 'running'
      ? timeLeft(progress, input)
      : `${progress.state}${progress.note ? `: ${printable(progress.note)}` : ''}`;
  const share = work.completed / Math.max(1, work.wanted);
  const lost = candidates.rejected + candidates.failed + candidates.cancelled;
  const counts = ` baselines ${baselines.completed}/${baselines.wanted}  candidates ${candidates.completed}/${candidates.wanted}${lost > 0 ? `  no result ${lost}` : ''}${confirmations.begun > 0 ? `  fresh seeds ${confirmations.runsDone}/${confirmations.runsWanted}` : ''}`;
  const width = Math.max(10, columns - counts.length - 2);
  const filled = Math.round(share * width);
  return [
    fitLine(`${paint.bold(title)}  ${state}`, columns),
    fitLine(`${paint.accent('█'.repeat(filled))}${paint.dim('░'.repeat(width - filled))} ${counts}`, columns),
    ...(model.trouble ? [fitLine(paint.bad(model.trouble), columns)] : []),
    ...waitsOf(model.processes, now, toldAfterMilliseconds).map((one) =>
      fitLine(paint.bad(waitLine(one, now)), columns),
    ),
    '',
    ...standings(progress, columns, paint),
    ...(model.arms ? armsStanding(model.arms, columns, paint).map((line) => fitLine(line, columns)) : []),
    fitLine(paint.dim(`noise  ${noiseWords(progress.noise, columns - 'noise  '.length)}`), columns),
    '',
  ];
}

/** How it was measured is left out where there is no room for it, rather than cut in the middle. */
function noiseWords(sentence: string | null, room: number): string {
  if (sentence === null) return 'not known yet: the baselines are being measured';
  const [what = ''] = sentence.split(': ', 1);
  const [number = ''] = what.split(' (', 1);
  const [long, short = ''] = [what, number].map((words) => `${words}; asi noise tells how`);
  return [sentence, long].find((words) => words !== undefined && words.length <= room) ?? short;
}

/** Fitness is relative to the baselines, so none has one before all are measured. */
const measuredOf = ({ completed, wanted }: Progress['baselines']): string =>
  completed > 0 ? `${completed} of ${wanted} measured` : 'none yet';

/** Best candidate and best baseline under each other. */
function standings({ best, bestBaseline, baselines }: Progress, columns: number, paint: Paint): string[] {
  const cells = (label: string, row: LeaderboardRow | null, otherwise: string): string[] => {
    if (!row) return [label, otherwise];
    const { difference, noise } = row;
    return [
      label,
      printable(row.name),
      row.fitness === null ? `battery ${fixed(row.battery)}` : fixed(row.fitness),
      row.merit === null ? '' : `${fixed(row.merit)}${noise ? ` ±${fixed(noise.merit)}` : ''}`,
      difference ? `${signed(difference.value)} [${signed(difference.low, 2)}, ${signed(difference.high, 2)}]` : '',
      [difference ? verdictWords(difference) : '', flaggedWord(row)].filter(Boolean).join(', '),
    ];
  };
  const [head = '', ...lines] = textTable(
    [
      { title: '' },
      { title: '', shortest: 12, cut: fitName },
      { title: 'fitness', align: 'right' },
      { title: 'merit', align: 'right' },
      { title: 'to DeltaNet [95 %]' },
      { title: '', expendable: 1 },
    ],
    [cells('best', best, 'none yet'), cells('baseline', bestBaseline, measuredOf(baselines))],
    columns,
  );
  const better = best?.difference?.verdict === 'better';
  return [paint.bold(head), ...lines.map((line, index) => (index === 0 && better ? paint.good(line) : line))].map(
    (line) => fitLine(line, columns),
  );
}

function inflightLines(
  rows: readonly InflightRow[],
  training: ReadonlyMap<string, TrainingNow>,
  { columns, paint, now }: ScreenInput,
  most: number,
): string[] {
  if (rows.length === 0) return [paint.dim('nothing is under way')];
  const sorted = [...rows].sort((one, other) => urgencyOf(one.state) - urgencyOf(other.state));
  const shown = sorted.slice(0, most - 1);
  const cells = shown.map((row) => {
    // What waits may have values of an earlier attempt.
    const values = row.state === 'training.running' ? training.get(row.id) : undefined;
    return [
      row.id,
      printable(row.name),
      row.attempt > 1 ? `${row.state} (try ${row.attempt})` : row.state,
      duration((now.getTime() - Date.parse(row.since)) / 1000),
      values?.task ?? values?.phase ?? '',
      values?.step == null ? '' : `${values.step}/${values.steps}`,
      values?.loss == null ? '' : fixed(values.loss),
    ];
  });
  const [head = '', ...lines] = textTable(
    [
      { title: 'experiment' },
      { title: 'name', shortest: 10, expendable: 2, cut: fitName },
      { title: 'stage', shortest: 12 },
      { title: 'for', align: 'right', expendable: 1 },
      { title: 'task', shortest: 8 },
      { title: 'step', align: 'right' },
      { title: 'loss', align: 'right' },
    ],
    cells,
    columns,
  );
  const rest = sorted.slice(shown.length);
  const all = [paint.bold(head), ...lines, ...(rest.length > 0 ? [paint.dim(`and ${countsByState(rest)}`)] : [])];
  return all.map((line) => fitLine(line, columns));
}

/** What is at work stands before what waits: its curve is what a person looks for. */
function urgencyOf(state: string): number {
  if (state === 'training.running') return 0;
  if (state === 'training.queued') return 2;
  return state.startsWith('measured') ? 3 : 1;
}

function countsByState(rows: readonly InflightRow[]): string {
  const counts = new Map<string, number>();
  for (const { state } of rows) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].map(([state, count]) => `${count} ${state}`).join(', ');
}

/** Every process with its state, those in the same state together, in at most two lines. */
function processLines({ model, supervised, columns, paint }: ScreenInput): string[] {
  const answered = model.processes.map(({ role, state }) => ({ name: role, state: state.replace('ready.', '') }));
  const others = supervised.filter(
    ({ name }) => !model.processes.some(({ role }) => name === role || name.startsWith(`${role}-`)),
  );
  const groups = new Map<string, string[]>();
  for (const { name, state } of [...answered, ...others]) groups.set(state, [...(groups.get(state) ?? []), name]);
  const words = [...groups]
    .sort(([one], [other]) => Number(one === 'idle') - Number(other === 'idle'))
    .flatMap(([state, names], index, all) =>
      `${state}: ${names.join(' ')}${index < all.length - 1 ? ';' : ''}`.split(' '),
    );
  const lines = [''];
  for (const word of words.length === 0 ? ['no', 'process', 'has', 'answered', 'yet'] : words) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + 1 + word.length > columns) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  const shown = lines.slice(0, 2);
  return groups.has('backing-off') ? shown.map(paint.bad) : shown;
}

const footLine = ({ dashboard, hint, paint }: ScreenInput): string =>
  paint.dim(`${dashboard ? `dashboard ${dashboard}   ` : ''}${hint}`);
