import type { ProcessStatus } from '@asi/contracts';
import type { CliContext } from '../commands/cli-context.ts';
import { waitLine, waitsOf } from './wait-lines.ts';

/** What is over sooner, such as one full minute of a rate limit's bucket, is no news. */
export const toldAfterMilliseconds = 10_000;

/** Says in one line which endpoint keeps the campaign waiting, and when that is over, each once. */
export function tellWaits({ error, clock }: Pick<CliContext, 'error' | 'clock'>) {
  /** Endpoints that were spoken of, with the roles that waited. */
  const told = new Map<string, readonly string[]>();
  return (processes: ReadonlyArray<Pick<ProcessStatus, 'role' | 'waits'>>): void => {
    const now = clock.now();
    for (const wait of waitsOf(processes, now, toldAfterMilliseconds)) {
      if (!told.has(wait.endpoint))
        error.write(`asi: ${waitLine(wait, now)}; what needs no answer of it goes on, asi status tells more\n`);
      told.set(wait.endpoint, wait.roles);
    }
    const waited = waitsOf(processes, now).map(({ endpoint }) => endpoint);
    for (const [endpoint, roles] of told) {
      // A process that did not answer in time may wait still.
      const haveAnswered = roles.every((role) => processes.some((one) => one.role === role));
      if (waited.includes(endpoint) || !haveAnswered) continue;
      told.delete(endpoint);
      error.write(`asi: nothing waits for ${endpoint} any more\n`);
    }
  };
}
