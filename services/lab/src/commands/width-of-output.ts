import type { Output } from './cli-context.ts';

/** How wide what is written there may be. What goes to a file or a pipe is searched and read by programs: nothing of it is cut. */
export const widthOfOutput = (out: Output): number => (out.isTerminal ? out.columns() : Number.POSITIVE_INFINITY);
