import { type ErrorKind, isAsiError } from '@asi/contracts';

/** A node that failed beside others: what it was given, and its error. */
export type Lost<Input> = { readonly input: Input; readonly error: unknown };

/**
 * A node of a graph that runs beside others (`Send`), with its error as a part of the state. For of several errors at once
 * LangGraph makes an AggregateError, in which nobody finds that a cap is reached. The node after them all throws `gravestOf`.
 */
export const beside =
  <Input, Update extends object>(node: (input: Input) => Promise<Update>) =>
  async (input: Input): Promise<Update | { readonly lost: Lost<Input> }> => {
    try {
      return await node(input);
    } catch (error) {
      return { lost: { input, error } };
    }
  };

// What waits for a person loses nothing; what is final would come again, however often one tries.
const byGravity: readonly ErrorKind[] = ['cancelled', 'paused', 'terminal', 'retryable'];

/** The error that stands for several, of which there is at least one. What is no error of ours is a defect, and goes first. */
export function gravestOf<Input>(lost: readonly Lost<Input>[]): unknown {
  const gravity = ({ error }: Lost<Input>): number => (isAsiError(error) ? byGravity.indexOf(error.kind) : -1);
  return [...lost].sort((one, other) => gravity(one) - gravity(other))[0]?.error;
}
