import type { Command } from 'commander';
import type { CliContext } from './cli-context.ts';
import type { ExitCode } from './exit-codes.ts';

/** A command of `asi`: its arguments and help, and what it does with the values that were given. */
export type DefinedCommand = {
  readonly command: Command;
  /** Arguments in order, then the options. */
  readonly run: (values: unknown[]) => Promise<ExitCode>;
};
export type CommandDefinition = (context: CliContext) => DefinedCommand;

export const withExample = (command: Command, ...lines: readonly string[]): Command =>
  command.addHelpText('after', `\nExample:\n${lines.map((line) => `  $ ${line}`).join('\n')}`);

/** What --campaign names, and what is meant without it. */
export const otherCampaign = 'campaign other than the open one, or than the newest when none is open';
