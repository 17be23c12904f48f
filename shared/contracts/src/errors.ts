/** What the receiver of an error should do: give up, try again, do nothing, or wait for a person. */
export type ErrorKind = 'terminal' | 'retryable' | 'cancelled' | 'paused';

const brand = Symbol.for('asi.error');

/** The one error type of the system: its kind decides what happens to the message at hand, its code is stable, its message tells what to do. */
export type AsiError = Error & {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly retryAfterMilliseconds?: number;
};

type Options = { readonly cause?: unknown; readonly retryAfterMilliseconds?: number };

function asiError(kind: ErrorKind, code: string, message: string, options: Options = {}): AsiError {
  const error = new Error(message, options.cause === undefined ? {} : { cause: options.cause });
  return Object.assign(error, {
    [brand]: true,
    name: 'AsiError',
    kind,
    code,
    ...(options.retryAfterMilliseconds === undefined ? {} : { retryAfterMilliseconds: options.retryAfterMilliseconds }),
  });
}

/** Trying again cannot help: the input is wrong. */
export const terminal = (code: string, message: string, options?: Options) =>
  asiError('terminal', code, message, options);
/** The same call may succeed later: a peer is away, a limit is reached for now. */
export const retryable = (code: string, message: string, options?: Options) =>
  asiError('retryable', code, message, options);
/** Somebody asked for it to stop. */
export const cancelled = (code: string, message: string, options?: Options) =>
  asiError('cancelled', code, message, options);
/** Work waits until a person changes something (a budget, a key). */
export const paused = (code: string, message: string, options?: Options) => asiError('paused', code, message, options);

/** Recognises our errors across duplicate copies of this package, which `instanceof` does not. */
export function isAsiError(error: unknown): error is AsiError {
  return error instanceof Error && (error as unknown as Record<symbol, unknown>)[brand] === true;
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
