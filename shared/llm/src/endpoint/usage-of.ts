import { type Usage, usageSchema } from '@asi/contracts';
import type { UsageMetadata } from '@langchain/core/messages';

/**
 * Tokens of an answer as `usageSchema` has them, never less than the endpoint tells in any of its figures. OpenAI counts cached
 * tokens within those of the prompt and reasoning within those of the answer; others count them beside, as xAI does with reasoning:
 * 12 in, 1 out, 386 reasoning, 399 in all. Null: it does not say; nor does who says that the prompt took nothing.
 */
export function usageOf(reported: UsageMetadata | undefined): Usage | null {
  // LangChain leaves out of a whole answer a number that is zero or that was not reported.
  if (reported === undefined) return null;
  const cached = reported.input_token_details?.cache_read ?? 0;
  const reasoning = reported.output_token_details?.reasoning ?? 0;
  const input = withPart(reported.input_tokens ?? 0, cached);
  const output = Math.max(withPart(reported.output_tokens ?? 0, reasoning), (reported.total_tokens ?? 0) - input);
  if (input === 0) return null;
  const parsed = usageSchema.safeParse({ input, output, cached, reasoning });
  return parsed.success ? parsed.data : null;
}

/** What an endpoint reports of tokens, as it stands in its answer; null: nothing. */
export const toldUsageOf = (reported: unknown): string | null =>
  typeof reported === 'object' && reported !== null && Object.keys(reported).length > 0
    ? JSON.stringify(reported)
    : null;

/** What is more than the whole cannot be a part of it. */
const withPart = (whole: number, part: number): number => (part > whole ? whole + part : whole);
