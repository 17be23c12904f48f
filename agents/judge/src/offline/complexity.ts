import { baselineComponents, type Measurement, type Reference } from '@asi/contracts';
import { onScale, scale } from './rubric.ts';

export type Complexity = {
  readonly score: number;
  /** Mixer parameters divided by DeltaNet's. */
  readonly parameters: number;
  /** Parts in use beyond those of DeltaNet; negative when simpler. Null without a description by components. */
  readonly extraParts: number | null;
};

/** Points for half the parameters, and taken off for twice the parameters. */
const pointsPerDoubling = 4;
const pointsPerPart = 0.3;

const absent = ['none', 'single', '0', 'identity'];

/** Components that are in use: a slot set to nothing is no part of the mixer. */
export const partsInUse = (components: readonly string[]): number =>
  components.filter((label) => !absent.includes(label.slice(label.indexOf('=') + 1))).length;

const ratio = (value: number, reference: number): number =>
  Number.isFinite(value) && value > 0 && reference > 0 ? value / reference : 1;

/**
 * Simplicity: 10 is simple, 1 is costly, DeltaNet is 5. Parts count because somebody has to understand, maintain and write
 * kernels for them. C1: the scorer's own count of parameters is the only measured cost: FLOPs and size of the state are
 * claims of a process that runs the candidate, and it could name any.
 */
export function complexityOf(
  { parameters }: Pick<Measurement, 'parameters'>,
  components: readonly string[] | null,
  { models, baseline }: Reference,
): Complexity {
  const anchor = models.find(({ name }) => name === baseline.name);
  const size = ratio(parameters.mixer, anchor?.parameters ?? 0);
  const anchorParts = partsInUse(baselineComponents[baseline.name] ?? []);
  const extraParts = components === null ? null : partsInUse(components) - anchorParts;
  const score = scale.anchor - pointsPerDoubling * Math.log2(size) - pointsPerPart * (extraParts ?? 0);
  return { score: onScale(score), parameters: size, extraParts };
}
