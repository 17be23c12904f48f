import { type StackDescription, stillRuns } from '../stack/stack-file.ts';
import { existingStateFolder } from '../stack/state-folder.ts';
import type { CliContext } from './cli-context.ts';

const lookMilliseconds = 1000;

export type EndOfStack = { readonly signal: AbortSignal; stop(): void };

/** Aborts when the stack that another process runs has ended: who follows its messages would wait for ever. */
export function endOfStack({ env }: Pick<CliContext, 'env'>, stack: StackDescription): EndOfStack {
  const ended = new AbortController();
  const folder = existingStateFolder(env);
  const timer = setInterval(() => {
    if (!stillRuns(folder, stack)) ended.abort();
  }, lookMilliseconds);
  return { signal: ended.signal, stop: () => clearInterval(timer) };
}
