import type { Output } from './cli-context.ts';

/** Columns where nobody says how wide the output is: in a file or a pipe. */
const widthWithoutTerminal = 120;

/** How wide what is written there may be. */
export const widthOfOutput = (out: Output): number => (out.isTerminal ? out.columns() : widthWithoutTerminal);
