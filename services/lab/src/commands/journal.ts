import { catalogue, terminal } from '@asi/contracts';
import { type JournalLine, type Reading, viewJson } from '@asi/reading';
import { Command } from 'commander';
import { journalText } from '../view/journal-text.ts';
import { paintFor } from '../view/paint.ts';
import { type CommandDefinition, withExample } from './command-definition.ts';
import { endOfStack } from './end-of-stack.ts';
import { exitCodes } from './exit-codes.ts';
import { requireKnownRoles } from './known-roles.ts';
import { noExperiment } from './no-experiment.ts';
import { campaignView, withReading } from './with-reading.ts';

type Options = {
  readonly json?: boolean;
  readonly follow?: boolean;
  readonly type?: string[];
  readonly role?: string[];
  readonly from?: string;
  readonly campaign?: string;
};

/** `asi journal [ID]`: the messages, of one experiment or of all, in order. */
export const journalCommand: CommandDefinition = (context) => ({
  command: withExample(
    new Command('journal')
      .description('the messages of one experiment, or of all, in the order of the journal')
      .argument('[id]', 'the experiment, for example c001-0007; all without it')
      .option('-f, --follow', 'go on with new messages until Ctrl-C')
      .option('--type <text...>', 'only messages whose type contains one of these')
      .option('--role <name...>', 'only messages from or to one of these roles')
      .option('--campaign <id>', 'only messages of this campaign and its experiments')
      .option('--from <sequence>', 'begin at this sequence number')
      .option('--json', 'one JSON value a line (see docs/json.md)'),
    'asi journal c001-0007',
    'asi journal --campaign c001 --type settled',
    'asi journal --follow --type training settled',
    "asi journal --role judge --json | jq -r '.data.judgement.total'",
  ),
  run: async ([id, options]) => {
    const { json, follow, type, role, from, campaign } = options as Options;
    const fromSequence = from === undefined ? undefined : sequenceOf(from);
    return withReading(context, async (reading, stack) => {
      if (follow && !stack && !context.env.NATS_URL)
        throw terminal(
          'stack-needed',
          'nothing new is said while the stack is stopped; start it with asi up, or leave out --follow',
        );
      if (role) await requireKnownRoles(reading, role);
      if (campaign !== undefined) campaignView(await reading.campaign(campaign), campaign);
      const paint = paintFor(context.out.isTerminal, context.env);
      const write = (line: JournalLine) =>
        context.out.write(`${json ? viewJson(line) : journalText(line, paint, id === undefined)}\n`);
      const end = follow && stack ? endOfStack(context, stack) : null;
      let found = 0;
      // Every message that is asked for follows the one before it: a gap is what the broker's files have lost.
      const isWhole = id === undefined && campaign === undefined && !type && !role;
      let [previous, lost] = [(fromSequence ?? 1) - 1, 0];
      // What is lost at the journal's end leaves no gap; the database knows better. Asked before, so that each can have been told.
      const untold = new Set(isWhole && !follow && fromSequence === undefined ? await endedExperiments(reading) : []);
      const lines = reading.journal({
        ...(id === undefined ? {} : { experimentId: id as string }),
        ...(campaign === undefined ? {} : { campaignId: campaign }),
        ...(type ? { types: type } : {}),
        ...(role ? { roles: role } : {}),
        ...(fromSequence === undefined ? {} : { fromSequence }),
        ...(follow ? { follow, signal: AbortSignal.any([context.interrupt, ...(end ? [end.signal] : [])]) } : {}),
      });
      try {
        for await (const line of lines) {
          write(line);
          found++;
          lost += line.sequence - previous - 1;
          previous = line.sequence;
          if (line.type === catalogue.settled.type && line.experimentId !== null) untold.delete(line.experimentId);
          if (context.interrupt.aborted) break;
        }
      } catch (error) {
        // What fails with the servers fails for that reason.
        if (!end?.signal.aborted) throw error;
      } finally {
        end?.stop();
      }
      if (end?.signal.aborted && !context.interrupt.aborted)
        throw terminal(
          'stack-needed',
          `the stack has ended, and nothing new is said; once it runs again, ${followAgain(id as string | undefined, options as Options, previous + 1)} goes on from here`,
        );
      if (found === 0 && id !== undefined && !follow && !(await reading.experiment(id as string)))
        throw await noExperiment(reading, id as string);
      if (isWhole && lost > 0)
        context.error.write(
          `asi: ${lost === 1 ? 'one message' : `${lost} messages`} of the journal cannot be read: the broker's files are damaged, and what they told is missing above\n`,
        );
      if (untold.size > 0 && !context.interrupt.aborted)
        context.error.write(
          `asi: the journal does not tell how ${[...untold].slice(0, 3).join(', ')}${untold.size > 3 ? ` and ${untold.size - 3} others` : ''} ended, and the database does: the broker's files are damaged and their end is lost, or the director was killed just then and tells it at its next start\n`,
        );
      return exitCodes.good;
    });
  },
});

async function endedExperiments(reading: Reading): Promise<string[]> {
  const campaigns = await reading.campaigns();
  return (await Promise.all(campaigns.map(({ id }) => reading.endedIds(id)))).flatMap((ids) => ids ?? []);
}

/** The same command, from this message on. */
const followAgain = (id: string | undefined, { type, role, campaign, json }: Options, from: number): string =>
  [
    'asi journal',
    ...(id === undefined ? [] : [id]),
    '--follow',
    ...(type ? ['--type', ...type] : []),
    ...(role ? ['--role', ...role] : []),
    ...(campaign === undefined ? [] : ['--campaign', campaign]),
    `--from ${from}`,
    ...(json ? ['--json'] : []),
  ].join(' ');

function sequenceOf(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw terminal('usage', `--from ${text}: expected a sequence number, 1 or larger`);
}
