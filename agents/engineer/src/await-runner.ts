import { messageOf, retryable } from '@asi/contracts';
import type { Capabilities, RunnerClient } from '@asi/runner-client';

const patienceSeconds = 120;

/** Waits for a runner that is starting. Throws a retryable error when it does not come; the supervisor then starts the engineer again. */
export async function awaitRunner(runner: RunnerClient, signal: AbortSignal): Promise<Capabilities> {
  const deadline = Date.now() + patienceSeconds * 1000;
  for (;;) {
    try {
      return await runner.capabilities({ signal });
    } catch (error) {
      if (signal.aborted || Date.now() > deadline) {
        throw retryable('runner-unreachable', `the runner does not answer: ${messageOf(error)}`, { cause: error });
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
