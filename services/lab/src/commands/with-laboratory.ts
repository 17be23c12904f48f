import type { Reading } from '@asi/reading';
import { attachOrStart, type UsedStack } from './attach-or-start.ts';
import type { CliContext } from './cli-context.ts';
import { houseReady } from './house-ready.ts';
import { withOpenReading } from './with-open-reading.ts';

/**
 * Works with a laboratory that is ready for a campaign: the one that runs, or one that is started for this and stopped afterwards.
 * @param say one line for people
 * @throws as attachOrStart, withOpenReading and houseReady; what failed because the laboratory was lost fails with that reason
 */
export async function withLaboratory<Result>(
  context: CliContext,
  say: (line: string) => void,
  work: (reading: Reading, stack: UsedStack) => Promise<Result>,
): Promise<Result> {
  let stack: UsedStack | null = null;
  try {
    say('starting the laboratory');
    stack = await attachOrStart(context);
    return await withOpenReading(context, stack, async (reading, used) => {
      if (!used.ours) say('the stack runs already: its processes are used');
      await houseReady(reading, used.states, context);
      return work(reading, used);
    });
  } catch (error) {
    throw stack?.lost() ?? error;
  } finally {
    if (stack?.ours) {
      say('stopping everything');
      await stack.stop();
    }
  }
}
