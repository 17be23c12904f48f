import type { Bus } from '@asi/bus';
import { type Curves, curvesSchema, type Measurement } from '@asi/contracts';
import { artifactBody } from './artifact-body.ts';

const pointsShown = 9;

/** The training curves of a measurement. */
export const curvesOf = async (bus: Pick<Bus, 'request'>, { curvesHash }: Measurement): Promise<Curves> =>
  curvesSchema.parse(JSON.parse(await artifactBody(bus, curvesHash, 'the training curves')));

/** Curves as lines of a prompt: some points of each, the first and the last among them, beside the held-out loss. */
export function curveLines(curves: Curves, { tasks }: Measurement): string[] {
  return Object.entries(curves).map(([task, points]) => {
    const shown = spread(points).map(([step, loss]) => `${step}: ${loss.toFixed(3)}`);
    const heldOut = tasks.find((one) => one.task === task)?.loss;
    return `${task}: ${shown.join(', ')}; held out after training ${heldOut === undefined ? 'unknown' : heldOut.toFixed(3)}`;
  });
}

function spread<Point>(points: readonly Point[]): Point[] {
  const count = Math.min(pointsShown, points.length);
  const places = new Set(
    Array.from({ length: count }, (_, i) => Math.round((i * (points.length - 1)) / Math.max(1, count - 1))),
  );
  return points.filter((_, place) => places.has(place));
}
