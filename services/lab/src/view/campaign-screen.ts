import type { InflightRow, LeaderboardRow, Progress } from '@asi/reading';
import type { ProcessState } from '../stack/process-state.ts';
import { duration, fixed, signed, timeOfDay } from './format.ts';
import type { LiveModel, TrainingNow } from './live-campaign.ts';
import type { Paint } from './paint.ts';
import { textTable } from './text-table.ts';
import { fit, fitLine, printable } from './text-width.ts';

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
  const foot = [processLine(input), footLine(input)].map((line) => fitLine(line, columns));
  const room = height - head.length - foot.length;
  const table = inflightLines(progress.inFlight, model.training, input, Math.max(2, Math.min(9, room - 4)));
  const eventRoom = Math.max(0, room - table.length - 2);
  const events = model.events
    .slice(-Math.max(1, eventRoom))
    .map((line) =>
      fit(
        `${line.time ? timeOfDay(line.time) : ''}  ${line.experimentId ?? line.campaignId ?? ''}  ${printable(line.summary)}`,
        columns,
      ),
    );
  const shownEvents = eventRoom === 0 ? [] : ['', ...events, ''];
  return [...head, ...table, ...shownEvents, ...foot].slice(0, height);
}

function headLines(progress: Progress, { columns, paint, model }: ScreenInput): string[] {
  const { candidates, baselines } = progress;
  const left =
    progress.secondsLeft === null ? 'time left not known yet' : `about ${duration(progress.secondsLeft)} left`;
  const title = `${progress.campaignId} ${printable(progress.title)}`;
  const state =
    progress.state === 'running' ? left : `${progress.state}${progress.note ? `: ${printable(progress.note)}` : ''}`;
  const done = Math.min(candidates.wanted, candidates.completed) + Math.min(baselines.wanted, baselines.completed);
  const share = done / Math.max(1, candidates.wanted + baselines.wanted);
  const lost = candidates.rejected + candidates.failed + candidates.cancelled;
  const counts = ` baselines ${baselines.completed}/${baselines.wanted}  candidates ${candidates.completed}/${candidates.wanted}${lost > 0 ? `  no result ${lost}` : ''}`;
  const width = Math.max(10, columns - counts.length - 2);
  const filled = Math.round(share * width);
  return [
    fitLine(`${paint.bold(title)}  ${state}`, columns),
    fitLine(`${paint.accent('█'.repeat(filled))}${paint.dim('░'.repeat(width - filled))} ${counts}`, columns),
    ...(model.trouble ? [fitLine(paint.bad(model.trouble), columns)] : []),
    '',
    fitLine(standing('best', progress.best, paint), columns),
    fitLine(standing('baseline', progress.bestBaseline, paint), columns),
    fitLine(paint.dim(`noise     ${progress.noise ?? 'not known yet: the baselines are being measured'}`), columns),
    '',
  ];
}

function standing(label: string, row: LeaderboardRow | null, paint: Paint): string {
  const name = label.padEnd(9);
  if (!row) return `${paint.bold(name)} none yet`;
  const merit = row.merit === null ? '' : `  merit ${fixed(row.merit)}${row.noise ? `±${fixed(row.noise.merit)}` : ''}`;
  const { difference } = row;
  const words = difference
    ? `  to DeltaNet ${signed(difference.value)} [${signed(difference.low, 2)}, ${signed(difference.high, 2)}] ${difference.verdict.replace('-', ' ')}`
    : '';
  const score = row.fitness === null ? `battery ${fixed(row.battery)}` : `fitness ${fixed(row.fitness)}`;
  return `${paint.bold(name)} ${fit(printable(row.name), 28)}  ${score}${merit}${difference?.verdict === 'better' ? paint.good(words) : words}`;
}

function inflightLines(
  rows: readonly InflightRow[],
  training: ReadonlyMap<string, TrainingNow>,
  { columns, paint, now }: ScreenInput,
  most: number,
): string[] {
  const shown = rows.slice(0, most - 1);
  const cells = shown.map((row) => {
    const values = row.state.startsWith('training') ? training.get(row.id) : undefined;
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
      { title: 'name', shortest: 10, expendable: 2 },
      { title: 'stage', shortest: 12 },
      { title: 'for', align: 'right', expendable: 1 },
      { title: 'task', shortest: 8 },
      { title: 'step', align: 'right' },
      { title: 'loss', align: 'right' },
    ],
    cells,
    columns,
  );
  const more = rows.length - shown.length;
  return [paint.bold(head), ...lines, ...(more > 0 ? [paint.dim(`and ${more} more under way`)] : [])];
}

function processLine({ model, supervised, paint }: ScreenInput): string {
  const answered = model.processes.map(({ role, state }) => `${role} ${state.replace('ready.', '')}`);
  const others = supervised
    .filter(({ name }) => !model.processes.some(({ role }) => name === role || name.startsWith(`${role}-`)))
    .map(({ name, state }) => (state === 'backing-off' ? paint.bad(`${name} ${state}`) : `${name} ${state}`));
  return `${paint.bold('processes')} ${[...answered, ...others].join(' · ') || 'none has answered yet'}`;
}

const footLine = ({ dashboard, hint, paint }: ScreenInput): string =>
  paint.dim(`${dashboard ? `dashboard ${dashboard}   ` : ''}${hint}`);
