import { dataConvention, loadPrompts, messagesOf, type Question } from '@asi/llm';

/** The gaps of each prompt file beside `dataConvention`. */
const gaps = {
  mend: [
    'name',
    'motivation',
    'components',
    'program',
    'found',
    'ending',
    'earlier',
    'probes',
    'wallSeconds',
    'memoryGigabytes',
    'mostChangedLines',
    'parameterRatio',
  ],
  'check-intent': ['name', 'motivation', 'components', 'program', 'difference', 'ending'],
} as const;
type Node = keyof typeof gaps;

/** What a node says with its gaps filled in: the part of a question that comes from a prompt file. */
type Said<Name extends Node> = (
  values: Readonly<Record<(typeof gaps)[Name][number], string>>,
) => Pick<Question<unknown>, 'node' | 'promptVersion' | 'messages'>;

export type EngineerPrompts = { readonly [Name in Node]: Said<Name> };

/** Throws terminal `prompt-invalid` or `prompt-values` at once, and not in the middle of a campaign, when a file does not fit its node. */
export function loadEngineerPrompts(from = new URL('../../prompts/', import.meta.url)): EngineerPrompts {
  const prompts = loadPrompts(from, Object.keys(gaps) as Node[]);
  const said = (node: Node) => (values: Readonly<Record<string, string>>) => {
    const { version, render } = prompts[node];
    return { node, promptVersion: version, messages: messagesOf(render({ ...values, dataConvention })) };
  };
  for (const node of Object.keys(gaps) as Node[]) said(node)(Object.fromEntries(gaps[node].map((gap) => [gap, ''])));
  return { mend: said('mend'), 'check-intent': said('check-intent') };
}
