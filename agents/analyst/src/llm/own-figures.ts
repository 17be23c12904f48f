import type { AnalyseData } from '../mind.ts';
import { decimal } from './effect-words.ts';

/** What the prompt shows as measured of the design itself, and the noise that it is seen in: no other result may be quoted. */
export const ownFigures = ({
  fitness,
  measurement,
  reference: { noise },
}: Pick<AnalyseData, 'fitness' | 'measurement' | 'reference'>): number[] => [
  fitness.merit,
  fitness.loss,
  fitness.benchmark,
  measurement.languageModelLoss,
  measurement.battery,
  ...measurement.tasks.flatMap((one) => [one.value, one.standardError, one.loss, one.claimedFinalTrainLoss]),
  noise.merit,
  noise.languageModelLoss,
  noise.battery,
  ...Object.values(noise.tasks),
];

const figure = new RegExp(String.raw`(?<![\w.-])${decimal}(?![\w-])`, 'g');
/** One decimal is near to some result by chance: a figure counts as one to at least two. */
const coarsest = 0.005;

/** The first figure of a sentence that is none of these, rounded as it is written; null when each is one. */
export const unknownFigure = (sentence: string, own: readonly number[]): string | null =>
  sentence.match(figure)?.find((text) => !own.some((value) => isWritten(value, text))) ?? null;

function isWritten(value: number, text: string): boolean {
  const decimals = text.split('.')[1]?.length ?? 0;
  return Math.abs(value - Number(text)) <= Math.min(coarsest, 0.5 * 10 ** -decimals) + 1e-9;
}
