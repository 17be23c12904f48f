import { z } from 'zod';

function holdsNoSecret(address: string): boolean {
  if (!URL.canParse(address)) return true; // which is said by itself
  const { username, password, search, hash } = new URL(address);
  return [username, password, search, hash].every((part) => part === '');
}

/** Where a model is asked, as whom, and how patiently: the same for models of every kind. */
export const endpointSettings = {
  // Settings are kept in the journal for ever: what could be a secret never gets there.
  baseUrl: z
    .url('expected an address such as http://localhost:8000/v1')
    .refine(
      holdsNoSecret,
      'must end with its path, and hold no name, password or query: a key is given by apiKeyVariable',
    )
    .nullable()
    .describe('an OpenAI-compatible endpoint, up to and with /v1; null: OPENAI_BASE_URL, else that of OpenAI'),
  apiKeyVariable: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]*$/)
    .describe('the environment variable that holds the key; a key itself is never written here'),
  requestSeconds: z.number().positive().describe('one request; then it is tried again'),
  retries: z.number().int().min(0).describe('of one call after errors of the network or the endpoint'),
};

/** The setting with a default, and still with its description. */
export const orElse = <Schema extends z.ZodType>(
  schema: Schema,
  value: z.output<Schema> & z.core.util.NoUndefined<z.output<Schema>>,
) => schema.default(value).describe(schema.description ?? '');
