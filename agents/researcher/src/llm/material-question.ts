import { type DataOf, terminal } from '@asi/contracts';
import { estimateTokens, fitSections } from '@asi/llm';
import { vocabularyText } from './components.ts';
import { essentialText, optionalSections } from './material-text.ts';
import type { ResearcherPrompts } from './prompts.ts';
import type { Recollection } from './recall-graph.ts';

type Said = ReturnType<ResearcherPrompts['design']>;

/**
 * The question of a node that is shown the material: as much of it as the context of the model holds beside all the rest.
 * What was left out is told for the record, and cannot be cited.
 */
export function materialQuestion(
  { model, parameterRatio }: DataOf<'design'>,
  recollection: Recollection,
  say: (values: Parameters<ResearcherPrompts['design']>[0]) => Said,
): { readonly question: Said; readonly remarks: string[]; readonly withheld: string[] } {
  if (!model) throw terminal('model-missing', 'the command names no model for the researcher');
  const { entry } = recollection.parent;
  const values = {
    parentName: entry.name,
    parentId: entry.experimentId,
    parameterRatio: String(parameterRatio),
    vocabulary: vocabularyText,
  };
  const essential = essentialText(recollection);
  const least = say({ ...values, material: essential }).messages.map(({ content }) => content);
  const room = model.contextTokens - model.maxOutputTokens - estimateTokens(least.join('\n'));
  const sections = optionalSections(recollection);
  const { kept } = fitSections(sections, room);
  const left = sections.filter((one) => !kept.includes(one));
  return {
    question: say({ ...values, material: [essential, ...kept.map(({ text }) => text)].join('\n\n') }),
    remarks: left.map(({ what }) => `the prompt was too long: ${what} was left out`),
    withheld: left.flatMap(({ citedAs }) => citedAs ?? []),
  };
}
