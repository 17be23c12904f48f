import { setTimeout as pause } from 'node:timers/promises';
import { type AsiError, isAsiError, paused, type Random, retryable, terminal } from '@asi/contracts';
import type { CircuitBreaker, Entry } from './circuit-breaker.ts';
import { type Failure, failureOf } from './failure-of.ts';
import type { ModelRequest } from './model-request.ts';
import { withdrawn } from './withdrawn.ts';

export type Log = { warn(fields: object, message: string): void };

/** `brokenOff`: requests that were being answered when they ended without an answer. */
export type Asked<Answer> = { readonly retries: number; readonly brokenOff: number } & (
  | { readonly kind: 'answered'; readonly answer: Answer }
  | { readonly kind: 'failed'; readonly error: AsiError }
);

export type Persistence = {
  readonly breaker: CircuitBreaker;
  readonly random: Pick<Random, 'next'>;
  readonly log: Log | undefined;
  /** Asked before each request beyond the first. */
  readonly isStillWanted: () => Promise<boolean>;
};

const firstWaitMilliseconds = 1000;
const longestWaitMilliseconds = 30_000;
/** An endpoint that wants a longer pause than this gets it, but the task does not stand still for it. */
const longestHintMilliseconds = 60_000;
/** An endpoint that served nobody for so long is away: less than the deadline of a task, which would count as its failure. */
const awayMilliseconds = 10 * 60_000;

/**
 * Asks until there is an answer, the endpoint refuses for good, or it failed as often as the settings allow; then it is a
 * matter of a later try, or, where the endpoint has been away for ten minutes, of a pause.
 * Waits as long as the endpoint says and a little more; without a word of it up to 1, 2, 4 ... 30 s at random (full jitter),
 * so that those who failed together do not come again together.
 * Ends with cancelled `model-cancelled` before a request for which nobody waits any more.
 * @throws cancelled `model-cancelled` when the signal aborts
 */
export async function requestWithRetries<Answer>(
  request: ModelRequest<Answer>,
  { breaker, random, log, isStillWanted }: Persistence,
  signal: AbortSignal,
): Promise<Asked<Answer>> {
  const { endpoint } = request;
  let lastMessage = '';
  let brokenOff = 0;
  for (let retries = 0; ; retries++) {
    const entry = breaker.enter();
    if (entry.kind === 'open') {
      const error = lastMessage
        ? unavailable(lastMessage, entry.comeAgainMilliseconds)
        : comeAgain(
            `${endpoint.url} failed again and again and is left alone for a while`,
            entry.comeAgainMilliseconds,
          );
      // Requests that were sent, not those that were kept back.
      return { kind: 'failed', error, retries: Math.max(0, retries - 1), brokenOff };
    }
    const failure = await attempt(entry.leave);
    if ('answer' in failure) return { kind: 'answered', answer: failure.answer, retries, brokenOff };
    if (failure.begun) brokenOff++;
    if (failure.kind === 'denied')
      return { kind: 'failed', error: paused('model-denied', failure.message), retries, brokenOff };
    if (failure.kind === 'rejected')
      return { kind: 'failed', error: terminal(failure.code, failure.message), retries, brokenOff };
    const wait = waitFor(failure, retries, random);
    if (retries >= request.retries || wait > longestHintMilliseconds)
      return {
        kind: 'failed',
        error: unavailable(failure.message, failure.waitMilliseconds ?? longestWaitMilliseconds),
        retries,
        brokenOff,
      };
    lastMessage = failure.message;
    log?.warn(
      { err: failure.message, waitMilliseconds: Math.round(wait), retries },
      'the language model is asked again',
    );
    await pause(wait, undefined, { signal }).catch(() => {
      throw withdrawn();
    });
    // An answer to come may be kept and used by others; one that would have to be asked for is not.
    if (!(await isStillWanted())) return { kind: 'failed', error: withdrawn(), retries, brokenOff };
  }

  /** After a request that failed just now. */
  function unavailable(message: string, retryAfterMilliseconds: number): AsiError {
    const away = breaker.downMilliseconds();
    if (away < awayMilliseconds) return comeAgain(message, retryAfterMilliseconds);
    return paused(
      'model-denied',
      `${endpoint.url} has served no request for ${Math.floor(away / 60_000)} minutes (the last word: ${message})`,
    );
  }

  type Leave = (Entry & { kind: 'closed' })['leave'];
  async function attempt(leave: Leave): Promise<Failure | { readonly answer: Answer }> {
    let end: Parameters<Leave>[0] = 'unknown';
    try {
      const answer = await request.send(signal);
      end = 'served';
      return { answer };
    } catch (error) {
      if (isAsiError(error) && error.kind === 'cancelled') throw error;
      const failure = failureOf(error, request);
      end = failure.kind === 'passing' && failure.down ? 'down' : 'served';
      return failure;
    } finally {
      leave(end);
    }
  }
}

function waitFor({ waitMilliseconds }: Failure & { kind: 'passing' }, retries: number, random: Pick<Random, 'next'>) {
  if (waitMilliseconds !== null) return waitMilliseconds + random.next() * firstWaitMilliseconds;
  return random.next() * Math.min(longestWaitMilliseconds, firstWaitMilliseconds * 2 ** retries);
}

const comeAgain = (message: string, retryAfterMilliseconds: number) =>
  retryable('model-unavailable', message, { retryAfterMilliseconds: Math.ceil(retryAfterMilliseconds) });
