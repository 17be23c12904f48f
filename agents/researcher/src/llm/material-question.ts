import { type DataOf, terminal } from '@asi/contracts';
import { fitParts, type Part, roomBeside } from '@asi/llm';
import { designAnswerSchema } from './answers.ts';
import { vocabularyText } from './components.ts';
import { essentialText, optionalSections } from './material-text.ts';
import type { ResearcherPrompts } from './prompts.ts';
import type { Recollection } from './recall-graph.ts';

type Said = ReturnType<ResearcherPrompts['design']>;
type Material = Parameters<ResearcherPrompts['design']>[0];

/**
 * The question of a node that is shown the material: as much of it as the context of the model holds beside all the rest.
 * What was left out is told for the record, and cannot be cited.
 * @param beside what the prompt holds besides, by its gaps
 */
export function materialQuestion<Gap extends string>(
  { model, parameterRatio, suite }: DataOf<'design'>,
  recollection: Recollection,
  beside: Readonly<Record<Gap, Part>>,
  say: (values: Material & Readonly<Record<Gap, string>>) => Said,
): { readonly question: Said; readonly remarks: string[]; readonly withheld: string[] } {
  if (!model) throw terminal('model-missing', 'the command names no model for the researcher');
  const { entry } = recollection.parent;
  const values = {
    parentName: entry.name,
    parentId: entry.experimentId,
    parameterRatio: String(parameterRatio),
    suite,
    vocabulary: vocabularyText,
  };
  const essential = essentialText(recollection);
  const gaps = Object.keys(beside) as Gap[];
  const filled = (textAt: (place: number) => string) =>
    Object.fromEntries(gaps.map((gap, place) => [gap, textAt(place)])) as Record<Gap, string>;
  const { messages } = say({ ...values, ...filled(() => ''), material: essential });
  const room = roomBeside(model, { messages, shape: 'design', schema: designAnswerSchema });
  const sections = optionalSections(recollection);
  const parts: readonly Part[] = [...sections, ...gaps.map((gap) => beside[gap])];
  const { texts, note, left, remarks } = fitParts(parts, room);
  const material = [essential, ...texts.slice(0, sections.length), note].filter((text) => text !== '').join('\n\n');
  return {
    question: say({ ...values, ...filled((place) => texts[sections.length + place] ?? ''), material }),
    remarks: [...remarks],
    withheld: sections.flatMap((one) => (left.includes(one) ? (one.citedAs ?? []) : [])),
  };
}
