import { usageSchema } from '@asi/contracts';
import { z } from 'zod';

/** What an endpoint answered, in full: kept as an artifact, whether or not it is of use. */
export const modelAnswerSchema = z.object({
  content: z.string().describe('text of the answer'),
  refusal: z.string().nullable().describe('words in which the model declines'),
  reasoning: z.string().nullable().describe('its reasoning, where the endpoint tells it'),
  finishReason: z.string().describe('why it ended, as the endpoint says'),
  model: z.string().nullable().describe('as the endpoint names it'),
  usage: usageSchema.nullable().describe('null when the endpoint does not say, or nothing that can be used'),
  unusableUsage: z.string().optional().describe('what it says of tokens, where that cannot be used'),
});
export type ModelAnswer = z.infer<typeof modelAnswerSchema>;
