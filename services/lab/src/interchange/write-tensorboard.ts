import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { terminal } from '@asi/contracts';
import type { Curves, ExperimentView } from '@asi/reading';
import { makeFolder } from '../stack/make-folder.ts';
import { eventFile, type Scalar } from './event-file.ts';

/** One experiment with what is drawn of it. */
export type TensorboardRun = { readonly view: ExperimentView; readonly curves: Curves };

/**
 * Writes a folder that `tensorboard --logdir` reads: a run for each experiment, its training losses as loss/<task>, and
 * its held-out scores as score/<task> at the last step. Writing again replaces the files.
 * @throws terminal `export-folder`
 */
export function writeTensorboardRun(folder: string, { view, curves }: TensorboardRun): void {
  const run = join(folder, `${view.id} ${view.name.replaceAll(/[^\w.+-]+/g, '_')}`.trim());
  const wallTime = Date.parse(view.sampledAt) / 1000;
  const losses = Object.entries(curves).flatMap(([task, points]) =>
    points.map(
      ([step, loss]): Scalar => ({ tag: `loss/${task}`, step, value: Number(loss), wallTime: wallTime + step }),
    ),
  );
  const scores = (view.measurement?.tasks ?? []).map(
    ({ task, steps, value }): Scalar => ({
      tag: `score/${task}`,
      step: steps,
      value: Number(value),
      wallTime: wallTime + steps,
    }),
  );
  try {
    makeFolder(run);
    writeFileSync(join(run, `events.out.tfevents.${Math.floor(wallTime)}.asi`), eventFile([...losses, ...scores]));
  } catch (error) {
    throw terminal('export-folder', `${run} cannot be written: ${String(error)}; give a folder that can be written`);
  }
}
