import { z } from 'zod';

export const dollarsAtLeastWords =
  'whether more than these dollars was paid, or may have been: there are calls that cannot be told in dollars, calls that were lost, or tries that were broken off';

export const callSumSchema = z.object({
  calls: z.number().int().describe('questions that were asked'),
  answered: z.number().int().describe('of these, with an answer'),
  failed: z.number().int().describe('of these, given up, or broken off with their process'),
  underWay: z.number().int().describe('of these, begun and not ended yet'),
  lost: z
    .number()
    .int()
    .describe(
      'of these, begun and never ended: their process died and their experiment is over; what they cost is not known',
    ),
  input: z.number().int().describe('tokens of the prompts, cached ones included'),
  cached: z.number().int().describe('of these, those that the endpoint had in its cache'),
  output: z.number().int().describe('tokens of the answers, reasoning included'),
  reasoning: z.number().int().describe('of these, those of reasoning'),
  dollars: z.number().describe('by the price table, of all calls that can be told in dollars'),
  dollarsAtLeast: z.boolean().describe(dollarsAtLeastWords),
  withoutDollars: z.number().int().describe('calls that cost something and cannot be told in dollars'),
  withoutUsage: z
    .number()
    .int()
    .describe('answers whose endpoint told no tokens: not in these sums, and counted with their most against caps'),
  retries: z
    .number()
    .int()
    .describe('requests beyond the first of each call, those of processes that were killed under it left out'),
  brokenOff: z
    .number()
    .int()
    .describe(
      'tries that were sent, or may have been, and whose answer never came whole: perhaps paid, not in these sums, and counted with their most against caps',
    ),
  reopenings: z
    .number()
    .int()
    .describe(
      'calls that were begun again after their process had died, or after a failure; what of these is perhaps paid again is in brokenOff',
    ),
});
export type CallSum = z.infer<typeof callSumSchema>;
