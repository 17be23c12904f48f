import { openReading, type Reading } from '@asi/reading';
import type { UsedStack } from './attach-or-start.ts';
import type { CliContext } from './cli-context.ts';
import { whileServersReturn } from './while-servers-return.ts';

/** Opens the laboratory for looking on a stack that is used, and closes it again. */
export async function withOpenReading<Result>(
  context: CliContext,
  stack: UsedStack,
  look: (reading: Reading, stack: UsedStack) => Promise<Result>,
): Promise<Result> {
  const { natsUrl, mongodbUrl } = stack;
  const source = `lab/asi-${process.pid}`;
  const reading = await whileServersReturn(stack, context, () =>
    openReading({ natsUrl, mongodbUrl, source, clock: context.clock }),
  );
  try {
    return await look(reading, stack);
  } finally {
    // With the servers away there is nobody to say goodbye to.
    await Promise.race([
      reading.close().catch(() => undefined),
      new Promise((resolve) => setTimeout(resolve, 1000).unref()),
    ]);
  }
}
