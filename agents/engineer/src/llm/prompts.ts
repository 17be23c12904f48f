import type { Question } from '@asi/llm';
import { dataConvention, loadPrompts, messagesOf, promptForms, type ValuesOf } from '@asi/llm/prompts';

const forms = promptForms.engineer;
type Node = keyof typeof forms;

/** What a node says with its gaps filled in: the part of a question that comes from a prompt file. */
type Said<Name extends Node> = (
  values: ValuesOf<(typeof forms)[Name]>,
) => Pick<Question<unknown>, 'node' | 'promptVersion' | 'messages'>;

export type EngineerPrompts = { readonly [Name in Node]: Said<Name> };

/** Throws as loadPrompts, at once, and not in the middle of a campaign. */
export function loadEngineerPrompts(from = new URL('../../prompts/', import.meta.url)): EngineerPrompts {
  const prompts = loadPrompts(from, forms);
  const said = (node: Node) => (values: Readonly<Record<string, string>>) => {
    const { version, render } = prompts[node];
    return { node, promptVersion: version, messages: messagesOf(render({ ...values, dataConvention })) };
  };
  return { mend: said('mend'), 'check-intent': said('check-intent') };
}
