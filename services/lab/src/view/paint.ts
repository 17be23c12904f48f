/** Colours of a terminal, or none. */
export type Paint = {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly accent: (text: string) => string;
};

const coloured = (open: number, close: number) => (text: string) => `\u001b[${open}m${text}\u001b[${close}m`;
const plain = (text: string) => text;

/** https://no-color.org is honoured. */
export const paintFor = (isTerminal: boolean, env: NodeJS.ProcessEnv): Paint =>
  isTerminal && !env.NO_COLOR && env.TERM !== 'dumb'
    ? {
        bold: coloured(1, 22),
        dim: coloured(2, 22),
        good: coloured(32, 39),
        bad: coloured(31, 39),
        accent: coloured(36, 39),
      }
    : { bold: plain, dim: plain, good: plain, bad: plain, accent: plain };
