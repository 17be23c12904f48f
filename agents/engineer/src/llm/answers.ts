import { prose } from '@asi/llm/prose';
import { probeNames, probeSchema } from '@asi/runner-client';
import { z } from 'zod';

const edits = z.array(
  z.object({
    search: z.string().describe('lines of the program exactly as they stand, enough of them to occur only once'),
    replace: z.string().describe('what takes their place; empty: they go'),
  }),
);
const tried = edits.describe(
  'changes to look at: the program is probed with them, and stays as it is; empty: as it is',
);

const nextSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('probe'), probe: z.enum(probeNames), edits: tried }),
  z.object({
    kind: z.literal('snippet'),
    snippet: z
      .string()
      .refine((snippet) => probeSchema.safeParse({ snippet }).success, 'a snippet has 1 to 16384 characters')
      .describe('Python that prints what you want to know'),
    edits: tried,
  }),
  z.object({
    kind: z.literal('revise'),
    edits: edits.refine((list) => list.length > 0, 'a revision changes something'),
    change: prose({ least: 10, most: 3000 }).describe(
      'what you changed and why that removes the cause, in one to three sentences',
    ),
  }),
  z.object({ kind: z.literal('give-up'), why: prose({ least: 10, most: 3000 }) }),
]);

export const mendAnswerSchema = z.object({
  diagnosis: prose({ least: 10 }).describe('what makes the training fail, as far as you know it now'),
  next: nextSchema,
});
export type MendAnswer = z.infer<typeof mendAnswerSchema>;
export type Edit = z.infer<typeof edits>[number];

export const intentAnswerSchema = z.object({
  lost: z
    .array(z.string())
    .describe('what the motivation promises and the changed program no longer does; empty: nothing'),
  kept: z.boolean().describe('whether the changed program is still the design of the motivation'),
  why: prose({ least: 10 }),
});
