import type { LanguageModel } from '@asi/contracts';
import { tokensOf } from '../ask-model.ts';
import { askFor } from '../shape/response-format.ts';
import type { Question } from '../thinker.ts';
import { estimateTokens } from './estimate-tokens.ts';

/**
 * Tokens that are left in the context for more material: beside these messages, the schema of the answer and the longest
 * answer. Estimated low; below zero where not even these fit.
 */
export function roomBeside(
  { contextTokens, maxOutputTokens, structuredOutput }: LanguageModel,
  { messages, shape, schema }: Pick<Question<unknown>, 'messages' | 'shape' | 'schema'>,
): number {
  const asked = askFor(shape, schema, structuredOutput);
  return (
    contextTokens -
    maxOutputTokens -
    tokensOf(messages) -
    estimateTokens(asked.instruction) -
    estimateTokens(JSON.stringify(asked.schema))
  );
}
