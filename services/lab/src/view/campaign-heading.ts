import type { CampaignSummary } from '@asi/reading';
import { campaignStateWords } from './campaign-state-words.ts';
import type { Paint } from './paint.ts';
import { printable } from './text-width.ts';

/** Which campaign a page of text shows, and that there are others. */
export function campaignHeading(
  { id, title, state, note }: Pick<CampaignSummary, 'id' | 'title' | 'state' | 'note'>,
  all: ReadonlyArray<Pick<CampaignSummary, 'id'>>,
  paint: Paint,
  atWork: boolean,
): string {
  const others = all.map((one) => one.id).filter((one) => one !== id);
  const [another] = others.slice(-1);
  const hint =
    another === undefined
      ? ''
      : paint.dim(
          ` (${others.length === 1 ? 'the other one' : `${others.length} others`}: --campaign ${others.length === 1 ? another : 'ID'})`,
        );
  return `${paint.bold(`campaign ${id} "${printable(title)}"`)}, ${campaignStateWords(state, atWork)}${note ? `: ${printable(note)}` : ''}${hint}`;
}
