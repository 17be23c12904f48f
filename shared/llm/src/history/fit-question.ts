import type { LanguageModel } from '@asi/contracts';
import type { Question } from '../thinker.ts';
import { fitParts, type Part } from './fit-parts.ts';
import { roomBeside } from './room-beside.ts';

/**
 * A question whose parts give way until it fits into the context of the model (`fitParts`), with what gave way for the record.
 * @param say makes the question of the parts' texts; of a part that is left out as a whole the text is empty
 */
export function fitQuestion<Gap extends string, Said extends Pick<Question<unknown>, 'messages'>>(
  model: LanguageModel,
  asked: Pick<Question<unknown>, 'shape' | 'schema'>,
  parts: Readonly<Record<Gap, Part>>,
  say: (texts: Readonly<Record<Gap, string>>) => Said,
): { readonly said: Said; readonly remarks: readonly string[] } {
  const gaps = Object.keys(parts) as Gap[];
  const filled = (textAt: (place: number) => string) =>
    Object.fromEntries(gaps.map((gap, place) => [gap, textAt(place)])) as Record<Gap, string>;
  const room = roomBeside(model, { ...say(filled(() => '')), ...asked });
  const { texts, remarks } = fitParts(
    gaps.map((gap) => parts[gap]),
    room,
  );
  return { said: say(filled((place) => texts[place] ?? '')), remarks };
}
