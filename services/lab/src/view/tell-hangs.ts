import type { CliContext } from '../commands/cli-context.ts';
import { noSignOfLife, type ProcessState } from '../stack/process-state.ts';

/** Says in one line which process hung and was started again, each time once; what was before the first look is no news. */
export function tellHangs({ error }: Pick<CliContext, 'error'>) {
  let known: ReadonlyMap<string, string> | null = null;
  return (states: readonly ProcessState[]): void => {
    const hangs = states.flatMap(({ name, lastExit, lastError }) =>
      lastExit && lastError?.code === noSignOfLife ? [{ name, at: lastExit.at, message: lastError.message }] : [],
    );
    for (const { name, at, message } of known ? hangs : [])
      if (known?.get(name) !== at) error.write(`asi: ${name} hung (${message}); it is started again\n`);
    known = new Map(hangs.map(({ name, at }) => [name, at]));
  };
}
