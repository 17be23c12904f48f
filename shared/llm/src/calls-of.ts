const calls = Symbol.for('asi.calls');

/** The error with the keys of the calls that led to it: an answer of no use was paid for as well. */
export const withCalls = <Failure>(error: Failure, keys: readonly string[]): Failure =>
  error instanceof Error ? Object.assign(error, { [calls]: [...new Set([...callsOf(error), ...keys])] }) : error;

/** The answered calls that led to an error of a `Thinker`, in order; none where it was made otherwise. */
export const callsOf = (error: unknown): readonly string[] =>
  error instanceof Error ? ((error as { [calls]?: readonly string[] })[calls] ?? []) : [];
