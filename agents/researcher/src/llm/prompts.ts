import { terminal } from '@asi/contracts';
import { dataConvention, loadPrompts, type Question } from '@asi/llm';

/** The gaps of each prompt file beside `dataConvention`, which every one of them has. */
const gaps = {
  summarise: ['name', 'id', 'motivation', 'results', 'analysis', 'cited'],
  design: ['material', 'parentName', 'parentId', 'parameterRatio', 'vocabulary'],
  repair: ['name', 'motivation', 'components', 'code', 'evidence', 'parameterRatio'],
  diversify: [
    'material',
    'parentName',
    'parentId',
    'parameterRatio',
    'vocabulary',
    'name',
    'motivation',
    'twinName',
    'twinId',
    'twinMotivation',
    'alike',
  ],
  'judge-novelty': ['name', 'motivation', 'components', 'earlier'],
  'amend-citations': ['name', 'motivation', 'citations', 'unknown', 'shown'],
} as const;

type PromptName = keyof typeof gaps;
type Values<Name extends PromptName> = Readonly<Record<(typeof gaps)[Name][number], string>>;

/** What a node says with its gaps filled in: the part of a question that comes from a prompt file. */
export type ResearcherPrompts = {
  readonly [Name in PromptName]: (
    values: Values<Name>,
  ) => Pick<Question<unknown>, 'node' | 'promptVersion' | 'messages'>;
};

const folder = new URL('../../prompts/', import.meta.url);
const userPart = '\n# user\n';
const names = Object.keys(gaps) as PromptName[];

/**
 * The prompts of the researcher's nodes; what stands before the line `# user` is the system message.
 * Throws terminal `prompt-invalid` or `prompt-values` at once, and not in the middle of a campaign, when a file is missing
 * or its gaps are not the ones that its node fills.
 */
export function loadResearcherPrompts(from: URL = folder): ResearcherPrompts {
  const prompts = loadPrompts(from, names);
  const said = (node: PromptName) => (values: Readonly<Record<string, string>>) => {
    const { version, render } = prompts[node];
    const text = render({ ...values, dataConvention });
    const at = text.indexOf(userPart);
    if (at < 0)
      throw terminal('prompt-invalid', `${node}.md: a line "# user" must part the system message from the rest`);
    return {
      node,
      promptVersion: version,
      messages: [
        {
          role: 'system' as const,
          content: text
            .slice(0, at)
            .replace(/^# system\n+/, '')
            .trim(),
        },
        { role: 'user' as const, content: text.slice(at + userPart.length).trim() },
      ],
    };
  };
  for (const node of names) said(node)(Object.fromEntries(gaps[node].map((gap) => [gap, ''])));
  return {
    summarise: said('summarise'),
    design: said('design'),
    repair: said('repair'),
    diversify: said('diversify'),
    'judge-novelty': said('judge-novelty'),
    'amend-citations': said('amend-citations'),
  };
}
