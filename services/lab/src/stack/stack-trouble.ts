import type { ProcessState } from './process-state.ts';

/** Why a stack does not do its work. */
export type StackTrouble = { readonly process: string; readonly code: string | null; readonly message: string };

const restartsThatAreTooMany = 3;

/**
 * What keeps a stack from its work, or null: servers that ended for a reason they know (a full disk, say), or a process
 * that ends again and again. Both are started again all the while.
 */
export function troubleOf(states: readonly ProcessState[]): StackTrouble | null {
  const failing = states.filter(({ lastExit, lastError, state, restarts }) => {
    if (lastExit === null || state === 'running' || state === 'stopping' || state === 'stopped') return false;
    return lastError?.code === 'no-space' || restarts >= restartsThatAreTooMany;
  });
  const [worst] = failing.sort((one, other) => Number(other.name === 'servers') - Number(one.name === 'servers'));
  if (!worst) return null;
  const { name, lastError } = worst;
  return {
    process: name,
    code: lastError?.code ?? null,
    message: `${name} cannot run: ${lastError?.message ?? 'it ends at once'}`,
  };
}
