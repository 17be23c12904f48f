import { nearlyTheSame, type OldGround } from '@asi/reading';
import { counted, fixed } from './format.ts';

/** How much of the search trod old ground, in one sentence or two; empty before the first design. */
export function oldGroundText(ground: OldGround): string {
  const { draws, twins, illegal, designs, givenUp, compared, medianCorrelation } = ground;
  if (designs + givenUp === 0) return '';
  const share = draws === 0 ? '' : ` (${Math.round((100 * twins) / draws)} %)`;
  const sentences = [
    `Old ground: of ${counted(draws, 'draw')} ${twins} behaved like an earlier design${share} and ${illegal} failed the certificate; none of these was trained.`,
  ];
  if (givenUp > 0) sentences.push(`${counted(givenUp, 'experiment')} ended because every draw was a twin.`);
  if (medianCorrelation !== null)
    sentences.push(
      `${ground.nearlyTheSame} of ${compared} designs correlate above ${nearlyTheSame} with what an earlier one computes (median ${fixed(medianCorrelation, 2)}).`,
    );
  return sentences.join(' ');
}
