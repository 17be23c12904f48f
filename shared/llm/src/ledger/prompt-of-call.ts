import { hashJson, type LanguageModel } from '@asi/contracts';
import type { JsonSchema } from '../shape/response-format.ts';
import type { ChatMessage, Purpose } from '../thinker.ts';

/** All that a model is given: kept as the artifact of the prompt. */
export type CallPrompt = {
  readonly model: string;
  readonly parameters: Pick<LanguageModel, 'temperature' | 'reasoningEffort' | 'structuredOutput'> & {
    readonly maxOutputTokens: number;
  };
  readonly messages: readonly ChatMessage[];
  readonly shape: string;
  readonly schema: JsonSchema;
};

/**
 * The key of a call: hash of everything its answer depends on. The address of the endpoint is not part of it, nor how
 * patient we are with it: an answer stays the answer when the server moves, and a replay needs no server at all.
 */
export const callKey = (
  prompt: object,
  { role, campaignId, experimentId }: Omit<Purpose, 'model' | 'attempt'>,
  {
    node,
    occasion,
    promptVersion,
  }: { readonly node: string; readonly occasion: string; readonly promptVersion: string },
): string => hashJson({ version: 1, prompt, role, campaignId, experimentId, node, occasion, promptVersion });
