import type { Reading } from '@asi/reading';
import type { StackDescription } from '../stack/stack-file.ts';

/** Whether somebody advances experiments: a stack that runs here, or a director that answers at servers of one's own. */
export const isAtWork = async (reading: Reading, stack: StackDescription | null): Promise<boolean> =>
  stack !== null || (await reading.bus.discover()).some(({ role }) => role === 'director');
