import type { MendUpdate } from './mend-state.ts';

export const told = (content: string) => [{ role: 'user' as const, content }];

const longestComplaint = 500;

/** Turns a step down: no draft is left, the model is told why, and the complaint is kept in case it was the last try. */
export const refused = (why: string, more: string, complaint: string = why): MendUpdate => ({
  draft: null,
  refusals: 1,
  complaint: complaint.slice(0, longestComplaint),
  turns: told(`That is turned down: ${why}. ${more}`),
});

/** Edits that cannot be applied are told as such: they say nothing about the change that was meant. */
export const misfit = (why: string): MendUpdate => ({
  draft: null,
  misfits: 1,
  complaint: why,
  turns: told(`The edits could not be applied, and nothing is changed: ${why}.`),
});
