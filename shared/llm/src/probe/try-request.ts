import { setTimeout as pause } from 'node:timers/promises';
import { isAsiError, type LanguageModel } from '@asi/contracts';
import { chatRemedies } from '../endpoint/chat-call.ts';
import { failureOf } from '../endpoint/failure-of.ts';
import type { ModelAnswer } from '../endpoint/model-answer.ts';
import { requestOnce } from '../endpoint/request-once.ts';
import type { Endpoint } from '../endpoint/resolve-endpoint.ts';
import { withdrawn } from '../endpoint/withdrawn.ts';
import { readAnswer } from '../shape/read-answer.ts';
import { askFor } from '../shape/response-format.ts';
import { probeShape } from './probe-shape.ts';

export type Method = LanguageModel['structuredOutput'];
export type Problem = {
  /** `lacking`: it cannot do what was tried; `passing`: it could not be tried now; `cut-off`: there was no room to do it in. */
  readonly kind: 'lacking' | 'passing' | 'cut-off';
  readonly problem: string;
  /** What to set or do, where it is known by itself. */
  readonly advice: string;
};
/** Pieces: in which a streamed answer came. */
export type Tried = { readonly answer: ModelAnswer; readonly pieces: number } | Problem;

// Room for a model that reasons before it says one word.
const mostOutputTokens = 16_000;
const defaultWaitMilliseconds = 1000;
/** A person waits for the outcome. */
const longestWaitMilliseconds = 30_000;

const shape = 'sum_of_numbers';
const question =
  'Add the numbers 2, 3 and 7. Tell the numbers, their sum, its parity and whether it is a prime number; and as what comes next halve an even sum, or leave an odd one and say why.';
const lengthOfDetail = 200;

/**
 * One small real request, and a second one after a short pause where the endpoint could not serve the first.
 * @param method how structured output is asked for; null: not at all
 * @throws cancelled when the signal aborts
 */
export async function tryRequest(
  endpoint: Endpoint,
  settings: LanguageModel,
  method: Method | null,
  signal: AbortSignal,
): Promise<Tried> {
  const first = await tryOnce(endpoint, settings, method, signal);
  if (!('waitMilliseconds' in first)) return first;
  const { waitMilliseconds, ...problem } = first;
  if (waitMilliseconds > longestWaitMilliseconds) return problem;
  await pause(waitMilliseconds, undefined, { signal }).catch(() => {
    throw withdrawn();
  });
  const second = await tryOnce(endpoint, settings, method, signal);
  if (!('waitMilliseconds' in second)) return second;
  return { kind: second.kind, problem: second.problem, advice: second.advice };
}

type Unserved = Problem & { readonly waitMilliseconds: number };

async function tryOnce(
  endpoint: Endpoint,
  settings: LanguageModel,
  method: Method | null,
  signal: AbortSignal,
): Promise<Tried | Unserved> {
  const asked = method === null ? null : askFor(shape, probeShape, method);
  const request = {
    endpoint,
    settings,
    messages: [{ role: 'user' as const, content: [question, asked?.instruction ?? ''].join('\n\n').trim() }],
    responseFormat: asked?.responseFormat ?? null,
    maxOutputTokens: Math.min(settings.maxOutputTokens, mostOutputTokens),
  };
  try {
    let pieces = 0;
    const answer = await requestOnce(request, signal, () => pieces++);
    const problem = problemOf(answer, method, settings);
    return problem ?? { answer, pieces };
  } catch (error) {
    if (isAsiError(error) && error.kind === 'cancelled') throw error;
    const failure = failureOf(error, { endpoint, remedies: chatRemedies(endpoint, settings) });
    const { message } = failure;
    // A stream that breaks off, or stands still, may do so because it is one: gateways time out, and proxies hold streams back.
    if (failure.kind !== 'passing' || isBrokenOff(error)) return lacking(message);
    const waitMilliseconds = failure.waitMilliseconds ?? defaultWaitMilliseconds;
    return { kind: 'passing', problem: message, advice: 'try again', waitMilliseconds };
  }
}

const lacking = (problem: string): Problem => ({ kind: 'lacking', problem, advice: '' });

const isBrokenOff = (error: unknown): boolean => isAsiError(error) && error.kind === 'retryable';

function problemOf(
  { refusal, content, finishReason }: ModelAnswer,
  method: Method | null,
  settings: LanguageModel,
): Problem | null {
  if (refusal !== null) return lacking(`the model declines: ${refusal}`);
  const read = method === null ? null : readAnswer(content, probeShape);
  const isEmpty = content.trim() === '';
  if (read ? read.good : !isEmpty) return null;
  // What is cut off says nothing of what the model can do with more room.
  if (finishReason === 'length') return cutOff(isEmpty, settings);
  if (isEmpty) return lacking(`an empty answer (it ended with: ${finishReason})`);
  return lacking(`${read?.good === false ? read.problem : ''} (it said: ${content.slice(0, lengthOfDetail)})`);
}

const cutOff = (isEmpty: boolean, { maxOutputTokens }: LanguageModel): Problem => ({
  kind: 'cut-off',
  problem: `${isEmpty ? 'nothing was answered' : 'the answer was cut off'} within ${Math.min(maxOutputTokens, mostOutputTokens)} tokens, which it may have spent on reasoning`,
  advice: `set reasoningEffort: low${maxOutputTokens < mostOutputTokens ? `, or a larger maxOutputTokens than ${maxOutputTokens}` : ''}`,
});
