import { availableParallelism } from 'node:os';
import { terminal } from '@asi/contracts';
import { digestOf, type ReplayReport } from '@asi/reading';
import { Command } from 'commander';
import { type Replay, replayCampaign } from '../replay/replay-campaign.ts';
import { removeReplayFolder } from '../replay/replay-folder.ts';
import { trainAgain } from '../replay/train-again.ts';
import { paintFor } from '../view/paint.ts';
import { replayText } from '../view/replay-text.ts';
import { type CommandDefinition, withExample } from './command-definition.ts';
import { exitCodes } from './exit-codes.ts';
import { writeJson } from './with-reading.ts';

type Options = {
  readonly retrain?: boolean;
  readonly slots?: string;
  readonly ledgers?: string;
  readonly keep?: boolean;
  readonly json?: boolean;
};

const mostSlots = 256;

/** `asi replay`: a campaign run again from what models and runners answered; does it come to the same? */
export const replayCommand: CommandDefinition = (context) => ({
  command: withExample(
    new Command('replay')
      .description(
        'run a campaign again from the recorded answers of its models and runners, in a laboratory of its own, and compare every decision; exit code 1 when one differs. No model is asked and nothing is paid. One that is not finished is replayed as far as it went',
      )
      .argument('[campaign]', 'default: the newest')
      .option('--retrain', 'then do its trainings again, too, and compare what they measure')
      .option('--slots <n>', 'training slots; the result does not depend on it (default: the cores)')
      .option('--ledgers <folder>', 'where the runners kept their ledgers, if not in the state folder')
      .option('--keep', 'keep the state folder of the replay also when all is equal')
      .option('--json', 'one JSON value: digests and first divergence (see docs/json.md)'),
    'asi replay c001',
    'asi replay c001 --slots 4 --retrain',
  ),
  run: async ([campaign, given]) => {
    const options = given as Options;
    const slots = slotsOf(options.slots);
    const say = (line: string) => void (options.json ? null : context.out.write(`${line}\n`));
    say('reading the record');
    const replay = await replayCampaign(context, {
      campaignId: (campaign as string | undefined) ?? null,
      slots,
      ledgers: options.ledgers ?? null,
      say,
    });
    const isKept = replay.divergence !== null || options.keep === true;
    if (!isKept) removeReplayFolder(replay.folder);
    const { trainings, campaign: recorded } = replay;
    const noise = recorded.campaign.reference?.noise ?? null;
    const retrained =
      options.retrain && replay.divergence === null
        ? await trainAgain(context, { trainings, noise, slots, say })
        : null;
    const report = reportOf(replay, { slots, retrained, folder: isKept ? replay.folder.path : null });
    if (options.json) writeJson(context, report);
    else context.out.write(`${replayText(report, paintFor(context.out.isTerminal, context.env)).join('\n')}\n`);
    return report.equal && (retrained?.differences.length ?? 0) === 0 ? exitCodes.good : exitCodes.no;
  },
});

function slotsOf(text: string | undefined): number {
  if (text === undefined) return availableParallelism();
  const slots = Number(text);
  if (Number.isInteger(slots) && slots >= 1 && slots <= mostSlots) return slots;
  throw terminal('usage', `--slots ${text}: expected a whole number from 1 to ${mostSlots}`);
}

function reportOf(
  { campaign, recorded, replayed, equal, divergence, question, unrecordedJobs }: Replay,
  more: Pick<ReplayReport, 'slots' | 'retrained' | 'folder'>,
): ReplayReport {
  const recordedDigest = digestOf(recorded);
  const replayedDigest = digestOf(replayed);
  return {
    campaignId: campaign.campaign._id,
    candidates: campaign.scope.candidates,
    leftOut: [...campaign.scope.leftOut],
    decisions: recorded.length,
    equalDecisions: equal,
    recordedDigest,
    replayedDigest,
    equal: recordedDigest === replayedDigest,
    divergence: divergence && { ...divergence, question, jobs: [...unrecordedJobs] },
    ...more,
  };
}
