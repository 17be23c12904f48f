import { nearlyTheSame, type OldGround } from '@asi/reading';
import { counted, fixed } from './format.ts';

/** How much of the search trod old ground, in a few sentences; empty before anything was drawn. */
export function oldGroundText(ground: OldGround): string {
  const { draws, twins, illegal, givenUp, drawsNotKnown, compared, medianCorrelation } = ground;
  const sentences: string[] = [];
  if (draws > 0)
    sentences.push(
      `of ${counted(draws, 'draw')} ${twins} behaved like an earlier design (${Math.round((100 * twins) / draws)} %) and ${illegal} failed the certificate; none of these was trained.`,
    );
  if (givenUp > 0) sentences.push(`${counted(givenUp, 'candidate')} ended without a draw that was both legal and new.`);
  if (drawsNotKnown > 0)
    sentences.push(
      `What was drawn for ${counted(drawsNotKnown, 'candidate')} without a design is not on record, and not counted here.`,
    );
  if (medianCorrelation !== null)
    sentences.push(
      `${ground.nearlyTheSame} of ${compared} designs correlate above ${nearlyTheSame} with what an earlier one computes (median ${fixed(medianCorrelation, 2)}).`,
    );
  return sentences.length === 0 ? '' : `Old ground: ${sentences.join(' ')}`;
}
