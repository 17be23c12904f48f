import { setTimeout as sleep } from 'node:timers/promises';
import { isAsiError, paused, type Random } from '@asi/contracts';
import type { CircuitBreaker } from './endpoint/circuit-breaker.ts';
import type { ModelRequest } from './endpoint/model-request.ts';
import type { Rejections } from './endpoint/rejections.ts';
import { type Asked, type Log, requestWithRetries } from './endpoint/request-with-retries.ts';
import type { Endpoint } from './endpoint/resolve-endpoint.ts';
import { withdrawn } from './endpoint/withdrawn.ts';
import {
  type Answered,
  type AnswerForm,
  type CallIdentity,
  type LedgerTools,
  type OnRecord,
  openCall,
} from './ledger/ledger.ts';

export type RecordTools = LedgerTools & {
  readonly random: Pick<Random, 'next'>;
  readonly log: Log | undefined;
  readonly rejections: Rejections;
  /** Finds the endpoint: only when it is needed, so that what is on the record needs neither address nor key. */
  readonly connect: () => { readonly endpoint: Endpoint; readonly breaker: CircuitBreaker };
  readonly isStillWanted: () => Promise<boolean>;
};

const turnMilliseconds = 500;

/** One call of a model of any kind. */
export type RecordedCall<Answer> = {
  readonly identity: CallIdentity;
  /** All that the model is given: kept as the artifact of the prompt. */
  readonly prompt: object;
  readonly atMost: { readonly input: number; readonly output: number };
  readonly form: AnswerForm<Answer>;
  readonly requestSeconds: number;
  readonly requestTo: (endpoint: Endpoint) => ModelRequest<Answer>;
};

/**
 * The answer to one call, from the ledger if it is there. Whatever a model says is its answer, also what is of
 * no use: it was paid for, and the ledger gives it back rather than pay again.
 * @throws as `Thinker` says, but for what the answer is worth
 */
export async function askOnRecord<Answer extends Answered>(
  { identity, prompt, atMost, form, requestSeconds, requestTo }: RecordedCall<Answer>,
  { bus, clock, newId, random, log, rejections, connect, isStillWanted }: RecordTools,
  signal: AbortSignal,
): Promise<OnRecord<Answer>> {
  const throwIfAborted = () => {
    if (signal.aborted) throw withdrawn();
  };
  throwIfAborted();
  if (!(await isStillWanted())) throw withdrawn();
  const opened = await openCall({ bus, clock, newId }, identity, prompt, atMost, form, { pause, requestSeconds });
  if (opened.kind === 'answered') return opened;
  const { again, refusal } = opened;
  const outcome = await request();
  if (outcome.kind === 'known') return outcome.known;
  if (outcome.kind === 'failed') {
    await opened.failed(outcome.error, outcome);
    throw outcome.error;
  }
  // It is paid for: it goes on the record even if nobody waits for it any more.
  const recorded = await opened.answered(outcome.answer, outcome);
  throwIfAborted();
  return recorded;

  async function pause(): Promise<void> {
    await sleep(turnMilliseconds, undefined, { signal }).catch(() => undefined);
    throwIfAborted();
    if (!(await isStillWanted())) throw withdrawn();
  }

  async function request(): Promise<Asked<Answer, OnRecord<Answer>>> {
    let connected: ReturnType<typeof connect>;
    try {
      connected = connect();
    } catch (error) {
      // Nothing was asked, and nothing stays reserved. A key or an address that is missing concerns all questions; what a replay
      // lacks concerns this one: others go on, so that each is decided or has failed on record for want of its own answer;
      // a refusal on record is the answer that it got.
      if (isAsiError(error) && (error.kind === 'terminal' || error.kind === 'paused')) {
        const why = error.kind === 'paused' ? (refusal ?? error) : paused('model-denied', error.message);
        return { kind: 'failed', error: why, retries: 0, brokenOff: 0 };
      }
      throw error;
    }
    const { endpoint, breaker } = connected;
    return requestWithRetries(requestTo(endpoint), { breaker, rejections, random, log, again, isStillWanted }, signal);
  }
}
