import { z } from 'zod';
import { endpointSettings, orElse } from './endpoint-settings.ts';

/** How ideas are turned into vectors. Nothing of it is taken from the settings of the roles, whose endpoints may know no embeddings. */
export const embeddingModelSchema = z.strictObject({
  model: z
    .string()
    .min(1)
    .describe(
      'as the endpoint calls it; vectors are compared with those of the same model only, in later campaigns too',
    ),
  baseUrl: orElse(endpointSettings.baseUrl, null),
  apiKeyVariable: orElse(endpointSettings.apiKeyVariable, 'OPENAI_API_KEY'),
  dimensions: z
    .number()
    .int()
    .min(1)
    .max(65_536)
    .nullable()
    .default(null)
    .describe('length of its vectors, for a model that can shorten them; null: not sent'),
  contextTokens: z
    .number()
    .int()
    .min(100)
    .default(8000)
    .describe('a longer motivation is cut to fit; not more than the model takes'),
  requestSeconds: orElse(endpointSettings.requestSeconds, 60),
  retries: orElse(endpointSettings.retries, 5),
});
export type EmbeddingModel = z.infer<typeof embeddingModelSchema>;

/** The node under which calls for vectors stand in the ledger. */
export const embeddingNode = 'embed';

/** What stands in place of the version of a prompt file: none writes a text that is embedded. */
export const noPromptFile = 'none';
