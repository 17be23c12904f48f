import { campaignIdSchema, isAsiError, messageOf } from '@asi/contracts';
import { Command, CommanderError } from 'commander';
import { isDiskFull } from '../stack/disk-full.ts';
import { printableLines } from '../view/text-width.ts';
import { commands } from './all-commands.ts';
import type { CliContext } from './cli-context.ts';
import { type ExitCode, exitCodeOf, exitCodes, exitCodeWords } from './exit-codes.ts';
import { versionLine } from './version.ts';

const description = `The laboratory from the command line.

Exit codes: ${exitCodeWords}.
State lives in .asi/ (ASI_HOME overrides it). NATS_URL and MONGODB_URL together name servers of one's own.
ASI_PYTHON names the Python (>= 3.10, with torch and numpy) that runs the trainer, else the installed one does.`;

/** Runs one command line (without node and script) and resolves to its exit code. Never rejects. */
export async function runCli(args: readonly string[], context: CliContext): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.good;
  const program = new Command('asi')
    .description(description)
    .option('-V, --version', 'version, commit, Node and trainer')
    .showSuggestionAfterError()
    .showHelpAfterError('(asi --help lists the commands; asi COMMAND --help shows one with an example)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.out.write(text),
      writeErr: (text) => context.error.write(text),
      getOutHelpWidth: () => context.out.columns(),
      getErrHelpWidth: () => context.error.columns(),
    });
  for (const define of commands) {
    const { command, run } = define(context);
    command.copyInheritedSettings(program).action(async (...values: unknown[]) => {
      exitCode = await run(values.slice(0, -1));
    });
    program.addCommand(command);
  }
  if (args[0] === '--version' || args[0] === '-V') {
    context.out.write(`${await versionLine(context.env)}\n`);
    return exitCodes.good;
  }
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.code === 'commander.excessArguments' && context.env.npm_lifecycle_event === 'start')
        context.error.write('npm keeps options for itself unless they stand behind --: npm start -- --candidates 4\n');
      else if (error.code === 'commander.excessArguments' && takesCampaign(program, args[0]) && isCampaign(args[1]))
        context.error.write(`a campaign is named with an option here: asi ${args[0]} --campaign ${args[1]}\n`);
      // `asi` alone and `asi COMMAND --help` show help; the first is a wrong usage, the second is not.
      return error.exitCode === 0 ? exitCodes.good : exitCodes.usage;
    }
    if (context.interrupt.aborted && isInterruption(error)) return exitCodes.interrupted;
    if (isDiskFull(error)) {
      const home = context.env.ASI_HOME || '.asi';
      context.error.write(
        `asi: no disk space is left where the state folder lies (${home}); free some space, or set ASI_HOME to another disk\n`,
      );
      return exitCodes.stackNeeded;
    }
    if (!isAsiError(error) && context.env.ASI_DEBUG) context.error.write(`${(error as Error).stack}\n`);
    context.error.write(`asi: ${printableLines(messageOf(error))}\n`);
    return exitCodeOf(isAsiError(error) ? error.code : null);
  }
}

const isInterruption = (error: unknown): boolean =>
  isAsiError(error) ? error.kind === 'cancelled' : error instanceof Error && error.name === 'AbortError';

const takesCampaign = (program: Command, name: string | undefined): boolean =>
  program.commands.some((one) => one.name() === name && one.options.some(({ long }) => long === '--campaign'));

const isCampaign = (argument: string | undefined): boolean => campaignIdSchema.safeParse(argument).success;
