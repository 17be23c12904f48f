import { setTimeout as pause } from 'node:timers/promises';
import { type AsiError, isAsiError, paused, type Random, retryable, terminal } from '@asi/contracts';
import type { CircuitBreaker, End, Entry, Leave } from './circuit-breaker.ts';
import { type Failure, failureOf } from './failure-of.ts';
import type { ModelRequest } from './model-request.ts';
import { plainReason } from './plain-reason.ts';
import type { Rejections } from './rejections.ts';
import { withdrawn } from './withdrawn.ts';

export type Log = { warn(fields: object, message: string): void };

/** `brokenOff`: requests that were being answered when they ended without an answer, and that nobody was told of. */
type Tried = { readonly retries: number; readonly brokenOff: number };
type Failed = Tried & { readonly kind: 'failed'; readonly error: AsiError };

export type Asked<Answer, Known> =
  | (Tried & { readonly kind: 'answered'; readonly answer: Answer })
  | Failed
  /** Another asker has brought the answer. */
  | { readonly kind: 'known'; readonly known: Known };

export type Persistence<Known> = {
  readonly breaker: CircuitBreaker;
  readonly rejections: Rejections;
  readonly random: Pick<Random, 'next'>;
  readonly log: Log | undefined;
  /** Told before a further try how many have broken off so far, for they may be on the bill. Throws what forbids it. */
  readonly again: (brokenOff: number) => Promise<Known | null>;
  /** Asked before each request beyond the first. */
  readonly isStillWanted: () => Promise<boolean>;
};

const firstWaitMilliseconds = 1000;
const longestWaitMilliseconds = 30_000;
/** An endpoint that wants a longer pause than this gets it, but the task does not stand still for it. */
const longestHintMilliseconds = 60_000;
/** An endpoint that wants to be left alone for longer than this is away: tasks that wait for it would meet their deadlines. */
const longestAbsenceMilliseconds = 10 * 60_000;

/**
 * Asks until there is an answer, the endpoint refuses for good, or it failed as often as the settings allow; then it is a
 * matter of a later try. Where the endpoint is away (invariant C3 of the breaker), or says that it will be for longer than
 * ten minutes, it is one of a pause, however few the tries were.
 * Waits up to 1, 2, 4 ... 30 s at random (full jitter), so that those who failed together do not come again together; longer
 * where the endpoint says so, and a little more. One that says less is not believed: it would be asked without a pause.
 * Ends with cancelled `model-cancelled` before a request for which nobody waits any more, also where the signal aborts
 * between two requests.
 * @throws cancelled `model-cancelled` when the signal aborts while a request is under way, which may be on the bill; retryable
 * what `again` throws
 */
export async function requestWithRetries<Answer, Known>(
  request: ModelRequest<Answer>,
  { breaker, rejections, random, log, again, isStillWanted }: Persistence<Known>,
  signal: AbortSignal,
): Promise<Asked<Answer, Known>> {
  const { endpoint } = request;
  let lastMessage = '';
  let [allBrokenOff, brokenOff] = [0, 0];
  for (let retries = 0; ; retries++) {
    const failed = (error: AsiError): Failed => ({ kind: 'failed', error, retries, brokenOff });
    // Requests that were sent, not those that were kept back.
    const unsent = (error: AsiError): Failed => ({ ...failed(error), retries: Math.max(0, retries - 1) });
    if (brokenOff > 0) {
      // Counted even where it is refused.
      brokenOff = 0;
      const allowed = await again(allBrokenOff).catch(refusalIn);
      if (isAsiError(allowed)) return unsent(allowed);
      if (allowed !== null) return { kind: 'known', known: allowed };
    }
    // Nothing is under way now: the call ends, so that it is not counted as one that may be answered yet.
    if (signal.aborted) return unsent(withdrawn());
    const entry = breaker.enter();
    if (entry.kind !== 'closed') return unsent(keptBack(entry));
    const failure = await attempt(entry.leave);
    if ('answer' in failure) {
      rejections.served(request.manner, endpoint.url);
      return { kind: 'answered', answer: failure.answer, retries, brokenOff };
    }
    if (failure.begun) [allBrokenOff, brokenOff] = [allBrokenOff + 1, brokenOff + 1];
    if (failure.kind === 'denied') return failed(paused('model-denied', failure.message));
    if (failure.kind === 'rejected') return failed(rejection(failure));
    const away = awayFor(failure);
    if (away) return failed(away);
    const wait = waitFor(failure, retries, random);
    if (retries >= request.retries || wait > longestHintMilliseconds)
      return failed(comeAgain(failure.message, Math.max(failure.waitMilliseconds ?? 0, longestWaitMilliseconds)));
    lastMessage = failure.message;
    log?.warn(
      { err: failure.message, waitMilliseconds: Math.round(wait), retries },
      'the language model is asked again',
    );
    // That it is over before its time is seen below.
    await pause(wait, undefined, { signal }).catch(() => {});
    // An answer to come may be kept and used by others; one that would have to be asked for is not.
    if (signal.aborted || !(await isStillWanted())) return failed(withdrawn());
  }

  function keptBack(entry: Exclude<Entry, { kind: 'closed' }>): AsiError {
    if (entry.kind === 'away') return absent(entry.milliseconds, 'nothing came until the questions were withdrawn');
    const message = lastMessage || `${endpoint.url} failed again and again and is left alone for a while`;
    return comeAgain(message, entry.comeAgainMilliseconds);
  }

  function rejection({ code, message, bySettings }: Failure & { kind: 'rejected' }): AsiError {
    const { manner, question } = request;
    return bySettings && manner !== null && rejections.rejected(manner, question)
      ? paused('model-denied', `one question after the other is refused: ${message}`)
      : terminal(code, message);
  }

  /** After a request that failed just now; null: a later try may help. */
  function awayFor({ message, waitMilliseconds }: Failure & { kind: 'passing' }): AsiError | null {
    if (waitMilliseconds !== null && waitMilliseconds > longestAbsenceMilliseconds)
      return paused(
        'model-denied',
        `${endpoint.url} wants to be left alone for ${minutes(waitMilliseconds)} minutes (the last word: ${message})`,
      );
    const away = breaker.sayAway();
    return away && absent(away.milliseconds, message);
  }

  function absent(milliseconds: number, lastWord: string): AsiError {
    return paused(
      'model-denied',
      `${endpoint.url} has served no request for ${minutes(milliseconds)} minutes (the last word: ${lastWord})`,
    );
  }

  async function attempt(leave: Leave): Promise<Failure | { readonly answer: Answer }> {
    let end: End = 'withdrawn';
    let [wait, reason] = [0, ''];
    try {
      const answer = await request.send(signal);
      end = 'served';
      return { answer };
    } catch (error) {
      if (isAsiError(error) && error.kind === 'cancelled') throw error;
      const failure = failureOf(error, request, rejections.hasServed(endpoint.url));
      end = failure.kind !== 'passing' ? 'served' : failure.down ? 'down' : 'busy';
      if (failure.kind === 'passing') [wait, reason] = [failure.waitMilliseconds ?? 0, plainReason(failure.said)];
      return failure;
    } finally {
      leave(end, wait, reason);
    }
  }
}

/** What forbids a further try, for a person or the end of the campaign to settle; the rest is thrown. */
function refusalIn(error: unknown): AsiError {
  if (isAsiError(error) && error.kind !== 'retryable') return error;
  throw error;
}

function waitFor({ waitMilliseconds }: Failure & { kind: 'passing' }, retries: number, random: Pick<Random, 'next'>) {
  const ours = random.next() * Math.min(longestWaitMilliseconds, firstWaitMilliseconds * 2 ** retries);
  if (waitMilliseconds === null) return ours;
  return Math.max(ours, waitMilliseconds + random.next() * firstWaitMilliseconds);
}

const minutes = (milliseconds: number): number => Math.floor(milliseconds / 60_000);

const comeAgain = (message: string, retryAfterMilliseconds: number) =>
  retryable('model-unavailable', message, { retryAfterMilliseconds: Math.ceil(retryAfterMilliseconds) });
