import { loadPrompts, type Prompt, promptForms } from '@asi/llm/prompts';

export type JudgePrompts = Readonly<Record<keyof typeof promptForms.judge, Prompt>>;

/** Throws as loadPrompts, at once, and not in the middle of a campaign. */
export const loadJudgePrompts = (from = new URL('../../prompts/', import.meta.url)): JudgePrompts =>
  loadPrompts(from, promptForms.judge);
