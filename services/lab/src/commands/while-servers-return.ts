import { setTimeout as sleep } from 'node:timers/promises';
import { isAsiError, retryable } from '@asi/contracts';
import { logsOf } from '../stack/logs-of.ts';
import type { UsedStack } from './attach-or-start.ts';
import type { CliContext } from './cli-context.ts';

const patienceMilliseconds = 60_000;
const pauseMilliseconds = 250;
const awayCodes: ReadonlySet<string> = new Set([
  ...['broker-unreachable', 'publish-failed', 'service-unreachable', 'service-failed'],
  ...['database-unreachable', 'database-silent'],
]);

/**
 * Does something on the servers of the stack that this process started; when they are away it does it again, because they are
 * started again. On a stack of somebody else it is done once: nobody here starts its servers.
 * @param what may be done again after it was done in part
 * @throws retryable `servers-away` after a minute; whatever `what` throws that has another cause
 */
export async function whileServersReturn<Result>(
  { ours, gone }: Pick<UsedStack, 'ours' | 'gone'>,
  { env, clock, interrupt }: Pick<CliContext, 'env' | 'clock' | 'interrupt'>,
  what: () => Promise<Result>,
): Promise<Result> {
  const begun = clock.now().getTime();
  for (;;) {
    try {
      return await what();
    } catch (error) {
      if (!ours || gone() || interrupt.aborted || !isOfServers(error)) throw error;
      if (clock.now().getTime() - begun > patienceMilliseconds)
        throw retryable(
          'servers-away',
          `the servers of the stack do not answer, though they were started again: see ${logsOf(env)}; asi run goes on`,
          { cause: error },
        );
      await sleep(pauseMilliseconds, undefined, { signal: interrupt }).catch(() => undefined);
    }
  }
}

/** What the clients of the two servers throw, and what is made of it on the way. */
function isOfServers(error: unknown): boolean {
  if (isAsiError(error)) return awayCodes.has(error.code);
  return error instanceof Error && /^(?:Nats|Mongo)/.test(error.name);
}
