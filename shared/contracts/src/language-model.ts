import { z } from 'zod';
import { endpointSettings, orElse } from './endpoint-settings.ts';

/** Roles that can think with a language model. */
export const thinkingRoles = ['researcher', 'engineer', 'analyst', 'judge'] as const;
export const thinkingRoleSchema = z.enum(thinkingRoles);
export type ThinkingRole = z.infer<typeof thinkingRoleSchema>;

/** Who thinks for a role: `offline` needs no model, `llm` asks one. */
export const mindSchema = z.enum(['offline', 'llm']);
export type Mind = z.infer<typeof mindSchema>;

const settings = {
  baseUrl: endpointSettings.baseUrl,
  model: z.string().trim().min(1).nullable().describe('as the endpoint calls it; null: ASI_MODEL'),
  apiKeyVariable: endpointSettings.apiKeyVariable,
  temperature: z.number().min(0).max(2).nullable().describe('null: as the endpoint has it'),
  reasoningEffort: z
    .enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh'])
    .nullable()
    .describe('null: not sent; not every model takes it'),
  structuredOutput: z
    .enum(['json-schema', 'json-object', 'prompt'])
    .describe(
      'how an answer of a given shape is asked for; the weaker ones are for endpoints that lack the stronger (asi doctor --llm tells)',
    ),
  streaming: z.boolean().describe('answers come piece by piece, so that a stalled one is noticed early'),
  maxOutputTokens: z.number().int().min(1).describe('of one answer, reasoning included'),
  answerLimitField: z
    .enum(['max_tokens', 'max_completion_tokens'])
    .nullable()
    .describe(
      'what the endpoint calls maxOutputTokens; null: max_completion_tokens at addresses of OpenAI and Azure and for models named as theirs that reason, else max_tokens',
    ),
  contextTokens: z
    .number()
    .int()
    .min(1000)
    .describe('prompts are cut to fit, what matters least first; each says what was left out of it'),
  requestSeconds: endpointSettings.requestSeconds,
  stallSeconds: z.number().positive().describe('longest silence within a streamed answer'),
  retries: endpointSettings.retries,
};

/** How a role asks a language model. What is null is left to the environment, or to the endpoint. */
export const languageModelSchema = z.strictObject({
  baseUrl: orElse(settings.baseUrl, null),
  model: orElse(settings.model, null),
  apiKeyVariable: orElse(settings.apiKeyVariable, 'OPENAI_API_KEY'),
  temperature: orElse(settings.temperature, null),
  reasoningEffort: orElse(settings.reasoningEffort, null),
  structuredOutput: orElse(settings.structuredOutput, 'json-schema'),
  streaming: orElse(settings.streaming, true),
  maxOutputTokens: orElse(settings.maxOutputTokens, 16_000),
  answerLimitField: orElse(settings.answerLimitField, null),
  contextTokens: orElse(settings.contextTokens, 128_000),
  requestSeconds: orElse(settings.requestSeconds, 300),
  stallSeconds: orElse(settings.stallSeconds, 60),
  retries: orElse(settings.retries, 5),
});
export type LanguageModel = z.infer<typeof languageModelSchema>;

/** What one role has otherwise than the others. */
export const languageModelChangesSchema = z.strictObject(settings).partial();

const capSchema = z.strictObject({
  dollars: z.number().positive().nullable().default(null).describe('null: no cap'),
  tokens: z.number().int().positive().nullable().default(null).describe('in and out together; null: no cap'),
});
export type Cap = z.infer<typeof capSchema>;

export const priceSchema = z.strictObject({
  input: z.number().min(0).describe('dollars per million tokens'),
  cachedInput: z.number().min(0).nullable().default(null).describe('null: as input'),
  output: z.number().min(0).describe('dollars per million tokens, reasoning included'),
});
export type Price = z.infer<typeof priceSchema>;

/** What language models may cost. What is in flight counts as if it cost the most that it can. */
export const spendingSchema = z.strictObject({
  campaign: capSchema.prefault({}).describe('all calls of the campaign'),
  experiment: capSchema.prefault({}).describe('all calls of one experiment'),
  roles: z.partialRecord(thinkingRoleSchema, capSchema).default({}).describe('all calls of a role in the campaign'),
  prices: z
    .record(z.string(), priceSchema)
    .default({})
    .describe('by model; a model that is not listed counts in tokens only, and its dollars are said to be unknown'),
});
export type Spending = z.infer<typeof spendingSchema>;

/** What of it a person changes while a campaign is open; each takes the place of the whole that it names. */
export const spendingChangesSchema = z.strictObject({
  campaign: capSchema.optional(),
  experiment: capSchema.optional(),
  roles: z.partialRecord(thinkingRoleSchema, capSchema).optional(),
  prices: z.record(z.string(), priceSchema).optional(),
});
export type SpendingChanges = z.infer<typeof spendingChangesSchema>;

/** The three things that a cap may limit: all calls of a campaign, of one experiment, of a role in the campaign. */
export const capNameSchema = z.enum(['campaign', 'experiment', 'role']);
export type CapName = z.infer<typeof capNameSchema>;

/** The cap that paused a campaign. */
export const reachedCapSchema = z.object({
  cap: capNameSchema.describe('what it limits'),
  unit: z.enum(['dollars', 'tokens']).describe('in what it counts'),
  limit: z.number().describe('as it was then'),
  missingPrice: z
    .string()
    .nullable()
    .describe('the model without a price, for which dollars cannot be told; else null'),
});
export type ReachedCap = z.infer<typeof reachedCapSchema>;

/** The refusal of an endpoint that paused a campaign: it would meet every call, and a person can mend it. */
export const deniedModelSchema = z.object({
  role: z.string().describe('whose model it is'),
  why: z.string().describe('what the endpoint says, and what to mend'),
});
export type DeniedModel = z.infer<typeof deniedModelSchema>;

const tokens = z.number().int().min(0);

/** Tokens of one call, as the endpoint counted them; `input` includes `cached`, `output` includes `reasoning`. */
export const usageSchema = z.object({
  input: tokens.describe('tokens of the prompt'),
  output: tokens.describe('tokens of the answer'),
  cached: tokens.describe('of the prompt, found in the cache of the endpoint'),
  reasoning: tokens.describe('of the answer, spent on reasoning'),
});
export type Usage = z.infer<typeof usageSchema>;

/** With what an endpoint refused one question for good: asked again it would not be answered otherwise. */
export const callRefusalSchema = z.object({
  code: z.string().describe('of the error, for example model-refused'),
  message: z.string().describe('of the error: what the endpoint said, and what to change'),
});
export type CallRefusal = z.infer<typeof callRefusalSchema>;

/** One call of a language model in the ledger. */
export const callRecordSchema = z.object({
  _id: z
    .string()
    .describe(
      'hash of all that the answer depends on: model, parameters, messages or text, role, experiment, node, attempt',
    ),
  campaignId: z.string().describe('for which campaign'),
  experimentId: z.string().nullable().describe('for which experiment'),
  role: z.string().describe('who asked'),
  node: z.string().describe('of its graph'),
  promptVersion: z
    .string()
    .describe('hash of the prompt file that wrote it; `none` of a call for a vector, which no such file writes'),
  model: z.string().describe('as it was asked for'),
  promptHash: z
    .string()
    .describe('artifact: the messages, or the text that a vector is wanted of, and parameters as JSON'),
  state: z.enum(['open', 'answered', 'failed']).describe('open: under way, or lost with its process'),
  openings: z.number().int().describe('how often it was begun; more than once after its process had died'),
  answerHash: z.string().nullable().describe('artifact: the answer as JSON'),
  usage: usageSchema.nullable().describe('null when the endpoint did not say'),
  reserved: z.number().int().describe('tokens that it can take at most, counted while it is open'),
  dollars: z
    .number()
    .nullable()
    .describe(
      'by the price table of the campaign, as it is now where the model had no price then; 0 of what failed without an answer; null where the model has no price, or the call is not answered',
    ),
  seconds: z.number().describe('from the first request to the answer, waiting included'),
  retries: z
    .number()
    .int()
    .describe(
      'requests beyond the first, of the process that ended it: what one that was killed had repeated is not known',
    ),
  brokenOff: z
    .number()
    .int()
    .default(0)
    .describe(
      'tries that were sent, or may have been, and whose answer never came whole (too late, reset, cut off, its process killed): perhaps paid, so each counts against caps with the most that the call can take',
    ),
  error: z.string().nullable().describe('why it failed'),
  refusal: callRefusalSchema
    .nullable()
    .default(null)
    .describe('with what the endpoint refused this question for good, which a replay is told again; null: it did not'),
  openedAt: z.string().describe('when it was begun first'),
  closedAt: z.string().nullable().describe('when it was answered or given up'),
});
export type CallRecord = z.infer<typeof callRecordSchema>;

/** The settings of one role: what all have in common, with its own changes. */
export function modelOf(
  models: { readonly common: LanguageModel } & Readonly<
    Record<ThinkingRole, z.infer<typeof languageModelChangesSchema>>
  >,
  role: ThinkingRole,
): LanguageModel {
  const changes = Object.entries(models[role]).filter(([, value]) => value !== undefined);
  return { ...models.common, ...(Object.fromEntries(changes) as Partial<LanguageModel>) };
}
