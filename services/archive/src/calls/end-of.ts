import type { Price, RequestOf, Usage } from '@asi/contracts';
import { dollarsOf, type StoredCall } from '@asi/store';

/** The record of a call that was ended. A call that was begun again carries what all its beginnings cost together. */
export function endOf(
  call: StoredCall,
  { answerHash, usage, seconds, retries, brokenOff, error, refusal = null }: RequestOf<'closeCall'>,
  price: Price | null,
  closedAt: string,
): StoredCall {
  const state = error === null ? 'answered' : 'failed';
  // An answer of unknown size makes the whole unknown; a failure without usage cost nothing.
  const whole = usage === null && state === 'answered' ? null : sumOf(call.usage, usage);
  return {
    ...call,
    state,
    answerHash: error === null ? answerHash : null,
    usage: whole,
    dollars: whole && price ? dollarsOf(whole, price) : null,
    seconds: call.seconds + seconds,
    retries: call.retries + retries,
    brokenOff: call.brokenOff + brokenOff,
    error,
    refusal: error === null ? null : refusal,
    closedAt,
    announced: false,
  };
}

function sumOf(one: Usage | null, other: Usage | null): Usage | null {
  if (!one || !other) return one ?? other;
  return {
    input: one.input + other.input,
    output: one.output + other.output,
    cached: one.cached + other.cached,
    reasoning: one.reasoning + other.reasoning,
  };
}
