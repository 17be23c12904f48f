import { type AsiError, isAsiError, messageOf, printable } from '@asi/contracts';
import { redirected, tooLong } from './guarded-fetch.ts';
import { hintOf } from './hint-of.ts';
import type { ModelRequest } from './model-request.ts';

/** What a failed request means for the next one; `begun`: it was perhaps being answered, and may be on the bill. */
export type Failure = { readonly begun: boolean } & Meaning;

type Meaning =
  /** Trying again cannot help; the message tells what to change. */
  | {
      readonly kind: 'rejected';
      readonly code: 'model-rejected' | 'model-refused';
      readonly message: string;
      /** Whether it may be the settings that it does not take. */
      readonly bySettings: boolean;
    }
  /** Nor would another request be taken, until a person has mended what the message tells. */
  | { readonly kind: 'denied'; readonly message: string }
  | {
      readonly kind: 'passing';
      readonly message: string;
      /** What the endpoint said, or why it said nothing. */
      readonly said: string;
      /** After what time the endpoint wants to be asked again; null: it does not say. */
      readonly waitMilliseconds: number | null;
      /** Whether nobody could be served, and not only this request: counts for the circuit breaker. */
      readonly down: boolean;
    };

const contextPattern =
  /context[_ ](length|window|size)|maximum context|context_length_exceeded|input tokens exceed|(prompt|input) is too long/i;
const limitPattern = /max_(completion_)?tokens/;
const quotaStatus = 402;
const limitStatus = 429;
const noQuotaCode = 'insufficient_quota';
// Words that an ordinary limit by the minute is told with as well: they count only where it does not say when to come again.
const quotaPattern =
  /insufficient[_ -]?quota|exceeded (?:your|the) .{0,100}quota|usage quota|quota (has been )?exhausted|credit balance|out of credits|billing/i;
const passingStatuses = new Set([408, 409, 425]);
const longestQuote = 300;
/** What Node's fetch says of a port that belongs to another protocol by the standard of the web (9, 25, 6000, 6667 ...). */
const badPort = 'bad port';

/** What the SDK's errors hold, whichever of its classes they are. */
type SdkError = {
  readonly status?: number;
  readonly code?: unknown;
  readonly headers?: { get(name: string): string | null };
  readonly cause?: unknown;
};

type Refused = Pick<ModelRequest<unknown>, 'endpoint' | 'remedies'>;

/**
 * Reads an error of a request by the table of messaging.md 5.4.
 * @param hasServed whether the address has answered by the protocol before: then a page of a gateway is an accident, not its nature
 */
export const failureOf = (error: unknown, request: Refused, hasServed = false): Failure => ({
  ...meaningOf(error, request, hasServed),
  begun: hadBegun(error),
});

// Before a connection stands nothing was asked; 504 and 524 come from a gateway that gave up waiting.
const neverSent =
  /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT|TLS|^bad port$/i;
const gatewayTimeouts = new Set([504, 524]);

function hadBegun(error: unknown): boolean {
  const own = ownErrorIn(error);
  if (own?.code === redirected) return false;
  if (own?.code === tooLong) return true;
  // What is denied for its answer was answered.
  if (isAsiError(error)) return error.kind === 'retryable' || error.kind === 'paused';
  const { status } = error as SdkError;
  if (status !== undefined) return gatewayTimeouts.has(status);
  return !wordsOf(error).some((word) => neverSent.test(word));
}

function meaningOf(error: unknown, { endpoint, remedies }: Refused, hasServed: boolean): Meaning {
  const { url, modelName, keyVariable } = endpoint;
  const { status, code, headers } = error as SdkError;
  const words = wordsOf(error);
  const plain = (text: string): string => printable(endpoint.withoutKey(text)).replace(/\s+/g, ' ').trim();
  const said = plain(words.join(': ')).slice(0, longestQuote);
  const rejected = (
    what: string,
    bySettings = false,
    why: 'model-rejected' | 'model-refused' = 'model-rejected',
  ): Meaning => ({
    kind: 'rejected',
    code: why,
    message: `${what} (${url}: ${said})`,
    bySettings,
  });
  const denied = (what: string): Meaning => ({ kind: 'denied', message: `${what} (${url}: ${said})` });
  const passing = (down: boolean, waitMilliseconds: number | null = null): Meaning => ({
    kind: 'passing',
    message: `${modelName} at ${url} is not to be had: ${said}`,
    said,
    waitMilliseconds,
    down,
  });
  const own = ownErrorIn(error);
  if (own?.code === redirected) return { kind: 'denied', message: plain(`${url}: ${own.message}`) };
  if (own?.code === tooLong) {
    const message = plain(`${modelName} at ${url}: ${own.message}`);
    // One such answer may be an accident of one question; after two in a row the endpoint is the cause.
    return remedies.alike
      ? { kind: 'denied', message }
      : { kind: 'rejected', code: 'model-rejected', message, bySettings: true };
  }
  if (isAsiError(error) && error.kind === 'paused') return { kind: 'denied', message: said };
  if (isAsiError(error))
    return error.kind === 'retryable' || hasServed
      ? passing(true)
      : denied(`the address is not ${remedies.protocol}: it must go up to and with /v1`);
  // Azure refuses a prompt this way.
  if (status === 400 && code === 'content_filter')
    return rejected('the filter of the endpoint refuses', false, 'model-refused');
  if (words.includes(badPort))
    return denied(
      `fetch never connects to the port of ${url}, which is kept for another protocol: let the server listen at another port`,
    );
  const hint = hintOf(headers, words.join(' '));
  if (
    status === quotaStatus ||
    code === noQuotaCode ||
    (status === limitStatus && hint === null && quotaPattern.test(words.join(' ')))
  )
    return denied(`the account of ${keyVariable} has no quota left: add credit, or set the key of another`);
  if (status === limitStatus) return passing(false, hint);
  if (code === 'context_length_exceeded' || status === 413 || (status === 400 && contextPattern.test(said)))
    return rejected(remedies.tooLong);
  if (status === undefined || status >= 500 || passingStatuses.has(status))
    return passing(status === undefined || status >= 500, hint);
  if (status === 401) return denied(`the key in ${keyVariable} is refused: set a valid one`);
  if (status === 403) return denied(`the key in ${keyVariable} may not use ${modelName}: set another key or model`);
  if (status === 404)
    return denied(
      `there is no model ${modelName}: set its name as the endpoint has it, or the address up to and with /v1`,
    );
  const limit = limitPattern.test(said)
    ? ' (maxOutputTokens is the limit of an answer, answerLimitField what it is called)'
    : '';
  const refusal = `${modelName} does not take the request: change the settings of the model that it speaks of${limit}`;
  return remedies.alike ? denied(refusal) : rejected(refusal, true);
}

/** Our own error that the SDK or fetch has wrapped, if that is the cause. */
function ownErrorIn(error: unknown): AsiError | null {
  let one: unknown = error;
  for (let depth = 0; one instanceof Error && depth < 4; one = one.cause, depth++) if (isAsiError(one)) return one;
  return null;
}

/** The error's words, with those of its causes: the SDK itself says "Connection error" only. */
function wordsOf(error: unknown): string[] {
  const words = [messageOf(error)];
  let { cause } = error as SdkError;
  for (let depth = 0; cause instanceof Error && depth < 3; cause = cause.cause, depth++)
    words.push((cause as { code?: string }).code ?? cause.message);
  return words;
}
