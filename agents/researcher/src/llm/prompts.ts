import type { Question } from '@asi/llm';
import { dataConvention, loadPrompts, messagesOf, promptForms, type ValuesOf } from '@asi/llm/prompts';

const forms = promptForms.researcher;
type PromptName = keyof typeof forms;

/** What a node says with its gaps filled in: the part of a question that comes from a prompt file. */
export type ResearcherPrompts = {
  readonly [Name in PromptName]: (
    values: ValuesOf<(typeof forms)[Name]>,
  ) => Pick<Question<unknown>, 'node' | 'promptVersion' | 'messages'>;
};

const folder = new URL('../../prompts/', import.meta.url);

/** The prompts of the researcher's nodes. Throws as loadPrompts, at once, and not in the middle of a campaign. */
export function loadResearcherPrompts(from: URL = folder): ResearcherPrompts {
  const prompts = loadPrompts(from, forms);
  const said = (node: PromptName) => (values: Readonly<Record<string, string>>) => {
    const { version, render } = prompts[node];
    return { node, promptVersion: version, messages: messagesOf(render({ ...values, dataConvention })) };
  };
  return {
    summarise: said('summarise'),
    design: said('design'),
    repair: said('repair'),
    diversify: said('diversify'),
    'judge-novelty': said('judge-novelty'),
    'amend-citations': said('amend-citations'),
  };
}
