import type { Analysis, Judgement, Prediction } from '@asi/contracts';
import { fixed, signed } from './format.ts';
import type { Paint } from './paint.ts';
import { predictionVerdict } from './prediction-verdict.ts';
import { printable } from './text-width.ts';

/** A judgement as lines; of one that a model made, how far it disagreed with itself. */
export function judgementLines(judgement: Judgement, paint: Paint): string[] {
  const { total, criteria, reason, repeats, spread } = judgement;
  const parts = (values: Readonly<Record<string, number>>, digits: number) =>
    Object.entries(values)
      .map(([name, value]) => `${name} ${fixed(value, digits)}`)
      .join(', ');
  return [
    `judged ${fixed(total, 1)} of 10 (${parts(criteria, 1)}): ${printable(reason)}`,
    ...(repeats && spread
      ? [paint.dim(`asked ${repeats.length} times; largest less smallest score: ${parts(spread, 1)}`)]
      : []),
    ...remarkLines(judgement, paint),
  ];
}

/** An analysis as lines; of one that a model wrote, what of it was struck. */
export function analysisLines(analysis: Analysis, prediction: Prediction | null, paint: Paint): string[] {
  const { text, predictionHeld, comparisons } = analysis;
  return [
    ...(predictionHeld && prediction ? [`the prediction ${predictionVerdict(prediction, predictionHeld)}`] : []),
    ...comparisons.map(
      (one) =>
        `against ${one.relation} ${one.experimentId}${one.name === one.experimentId ? '' : ` (${printable(one.name)})`}: ${signed(one.meritDifference)} merit, ${one.beyondNoise ? 'beyond the noise' : 'inside the noise'}`,
    ),
    ...text.split('\n').map(printable),
    ...remarkLines(analysis, paint),
  ];
}

const remarkLines = (
  { author, remarks = [] }: { readonly author: string; readonly remarks?: string[] | undefined },
  paint: Paint,
) => remarks.map((one) => paint.dim(`${author}: ${printable(one)}`));
