import { z } from 'zod';
import { cutOutJson } from './cut-out-json.ts';

export type ReadAnswer<Answer> =
  | { readonly good: true; readonly answer: Answer }
  /** What is wrong with it, in words that a model can act on. */
  | { readonly good: false; readonly problem: string };

const longestProblem = 3000;

/** Reads an answer as what was asked for. */
export function readAnswer<Answer>(content: string, schema: z.ZodType<Answer>): ReadAnswer<Answer> {
  if (content.trim() === '') return { good: false, problem: 'the answer is empty' };
  const values = cutOutJson(content);
  if (values.length === 0) return { good: false, problem: 'the answer is not JSON' };
  const read = values.map((value) => schema.safeParse(value));
  const fitting = read.find(({ success }) => success);
  if (fitting?.success) return { good: true, answer: fitting.data };
  const error = read[0]?.error ?? new z.ZodError([]);
  return { good: false, problem: z.prettifyError(error).slice(0, longestProblem) };
}
