import type { CliContext } from '../commands/cli-context.ts';
import { noSignOfLife, type ProcessState } from '../stack/process-state.ts';

/**
 * Says in one line which process hung and was started again, each time once.
 * @param before how the processes are when the view begins: earlier hangs are no news. Not the first look, which hangs with the servers
 */
export function tellHangs({ error }: Pick<CliContext, 'error'>, before: readonly ProcessState[]) {
  let known = timesOf(hangsIn(before));
  return (states: readonly ProcessState[]): void => {
    const hangs = hangsIn(states);
    for (const { name, at, message } of hangs)
      if (known.get(name) !== at) error.write(`asi: ${name} hung (${message}); it is started again\n`);
    known = timesOf(hangs);
  };
}

type Hang = { readonly name: string; readonly at: string; readonly message: string };

const hangsIn = (states: readonly ProcessState[]): Hang[] =>
  states.flatMap(({ name, lastExit, lastError }) =>
    lastExit && lastError?.code === noSignOfLife ? [{ name, at: lastExit.at, message: lastError.message }] : [],
  );

const timesOf = (hangs: readonly Hang[]): ReadonlyMap<string, string> =>
  new Map(hangs.map(({ name, at }) => [name, at]));
