import type { LeaderboardRow } from '@asi/reading';
import type { Certificate, TrainResult } from '@asi/runner-client';
import { fixed, flops, megabytes, thousands } from './format.ts';
import type { Paint } from './paint.ts';
import { remarkLines } from './remark-lines.ts';
import { sparkline } from './sparkline.ts';
import { suspectLeakWords } from './suspect-leak-words.ts';
import { type Column, textTable } from './text-table.ts';
import { printable } from './text-width.ts';

const curveWidth = 20;

/**
 * The scores of a trained program, task by task, beside those of baselines that were measured alike.
 * @param certificate what was found before the training; null of a built-in
 */
export function trainingText(
  name: string,
  result: TrainResult,
  baselines: readonly LeaderboardRow[],
  width: number,
  paint: Paint,
  certificate: Pick<Certificate, 'findings'> | null,
): string[] {
  const columns: Column[] = [
    { title: 'task' },
    { title: '' },
    { title: 'score', align: 'right' },
    { title: 'training loss', expendable: 1 },
    ...baselines.map((row, index) => ({ title: printable(row.name), align: 'right' as const, expendable: 2 + index })),
  ];
  const rows = result.tasks.map((one) => [
    one.task,
    one.metric,
    `${fixed(Number(one.value))}±${fixed(Number(one.standardError)).replace(/^0(?=\.)/, '')}`,
    sparkline(
      (result.curves[one.task] ?? []).map(([, loss]) => Number(loss)),
      curveWidth,
    ),
    ...baselines.map((row) => fixed(Number(row.tasks[one.task]?.value ?? Number.NaN))),
  ]);
  rows.push([
    'battery',
    'accuracy',
    fixed(Number(result.battery)),
    '',
    ...baselines.map(({ battery }) => fixed(Number(battery))),
  ]);
  const [head = '', ...lines] = textTable(columns, rows, width);
  return [
    `${printable(name)}, suite ${result.suite}, seed ${result.seed}`,
    '',
    paint.bold(head),
    ...lines,
    '',
    `${thousands(result.parameters.mixer)} mixer parameters, ${flops(result.flopsPerToken)} FLOPs per token, state ${thousands(result.stateSize)}, ${thousands(result.trainTokensPerSecond)} training tokens per CPU-second, ${megabytes(result.peakMemoryBytes)}, ${fixed(Number(result.cpuSeconds), 1)} CPU-seconds`,
    'Scores are held out, ± the standard error over sequences; the noise between seeds is larger.',
    ...(certificate ? remarkLines(certificate, paint) : []),
    ...(result.suspectLeak ? [paint.bad(suspectLeakWords(result.suspectLeak))] : []),
  ];
}
