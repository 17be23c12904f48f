import { loadPrompts, type Prompt, promptForms } from '@asi/llm/prompts';

export type AnalystPrompts = Readonly<Record<keyof typeof promptForms.analyst, Prompt>>;

/** Throws as loadPrompts, at once, and not in the middle of a campaign. */
export const loadAnalystPrompts = (from = new URL('../../prompts/', import.meta.url)): AnalystPrompts =>
  loadPrompts(from, promptForms.analyst);
