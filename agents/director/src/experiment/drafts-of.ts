import type { Terms } from './context.ts';

// Of experiments sampled by a version that did not know the setting.
const defaultDrafts = 4;

/** How often a researcher may draft one design: a draw from the grammar costs seconds, one of a language model minutes and money. */
export const draftsOf = ({ limits, minds }: Pick<Terms, 'limits' | 'minds'>): number =>
  minds.researcher === 'llm' ? (limits.drafts ?? defaultDrafts) : limits.drawsPerDesign;
