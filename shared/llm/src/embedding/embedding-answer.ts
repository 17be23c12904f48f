import { usageSchema } from '@asi/contracts';
import { z } from 'zod';

/** What an endpoint answered to the question for a vector: kept as an artifact, whether or not it is of use. */
export const embeddingAnswerSchema = z.object({
  vector: z.base64().describe('32-bit floats, little end first, as they came; empty when none came'),
  model: z.string().nullable().describe('as the endpoint names it'),
  usage: usageSchema.nullable().describe('null when the endpoint does not say'),
});
export type EmbeddingAnswer = z.infer<typeof embeddingAnswerSchema>;
