import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isAsiError, messageOf, trainerOf } from '@asi/contracts';
import {
  type RecordedJob,
  type RecordedJobs,
  type RecordedRunner,
  readRecordedJobs,
  startRecordedRunner,
} from '@asi/gpu-runner/recorded-runner';
import {
  type Decision,
  type Divergence,
  decisionsOf,
  environmentModelOf,
  openReading,
  openReplayed,
  prepareReplayOf,
  type RecordedCampaign,
  type ReplayedLaboratory,
  type ReplayReport,
  replaySettingsOf,
} from '@asi/reading';
import type { CliContext } from '../commands/cli-context.ts';
import { houseReady } from '../commands/house-ready.ts';
import { startCampaign } from '../commands/open-campaign.ts';
import { startEmbeddedServers } from '../stack/embedded-servers.ts';
import { type RunningStack, startStack } from '../stack/start-stack.ts';
import { existingStateFolder, type StateFolder } from '../stack/state-folder.ts';
import { withServers } from '../stack/with-servers.ts';
import { type Followed, followReplay } from './follow-replay.ts';
import { replayEnvironment } from './replay-environment.ts';
import { makeReplayFolder, removeReplayFolder, runnerHomes } from './replay-folder.ts';

export type ReplayOptions = {
  /** Null: the newest. */
  readonly campaignId: string | null;
  readonly slots: number;
  /** Folder with the homes of the runners; null: that of the state folder. */
  readonly ledgers: string | null;
  readonly say: (line: string) => void;
};

export type Replay = Followed & {
  readonly recorded: readonly Decision[];
  readonly campaign: RecordedCampaign;
  readonly question: NonNullable<ReplayReport['divergence']>['question'];
  /** Kinds of jobs of the diverging experiment that no ledger holds. */
  readonly unrecordedJobs: readonly string[];
  /** Trainings that were answered from the record, in the order of decisions. */
  readonly trainings: readonly RecordedJob[];
  readonly folder: StateFolder;
};

/**
 * Runs a campaign again in a laboratory of its own, from recorded answers. The original is read and left as it is; what
 * was started has ended when this resolves or rejects.
 * @throws terminal `no-campaign`, `nothing-to-replay`, `no-recorded-jobs`; as withServers and startStack
 */
export async function replayCampaign(context: CliContext, options: ReplayOptions): Promise<Replay> {
  const original = existingStateFolder(context.env);
  const homes = runnerHomes(original, options.ledgers);
  let folder: StateFolder | null = null;
  try {
    const prepared = await prepare(context, options, original, (made) => {
      folder = made;
    });
    const jobs = readRecordedJobs(homes, prepared.campaign.campaign._id);
    return await replay(context, options, { ...prepared, jobs });
  } catch (error) {
    if (folder) leaveOrRemove(context, folder, error);
    throw error;
  }
}

/** Where processes ran and failed, their logs tell why. */
function leaveOrRemove({ interrupt, error: said }: CliContext, folder: StateFolder, error: unknown): void {
  if (interrupt.aborted || readdirSync(folder.logs).length === 0) removeReplayFolder(folder);
  else
    said.write(`asi: the replay failed (${messageOf(error)}); its state folder is kept, with logs: ${folder.path}\n`);
}

type Prepared = { readonly campaign: RecordedCampaign; readonly folder: StateFolder };

async function prepare(
  context: CliContext,
  { campaignId }: ReplayOptions,
  original: StateFolder,
  made: (folder: StateFolder) => void,
): Promise<Prepared> {
  const say = (line: string) => context.error.write(`asi: ${line}\n`);
  return withServers(
    async (servers) => {
      let folder: StateFolder | null = null;
      let fresh: Awaited<ReturnType<typeof startEmbeddedServers>> | null = null;
      try {
        const campaign = await prepareReplayOf(campaignId, servers, async ({ campaign }) => {
          folder = makeReplayFolder(original, campaign._id);
          made(folder);
          fresh = await startEmbeddedServers({ home: folder.data });
          return fresh;
        });
        if (!folder) throw new Error('prepared without a folder');
        return { campaign, folder };
      } finally {
        await (fresh as Awaited<ReturnType<typeof startEmbeddedServers>> | null)?.stop();
      }
    },
    context.env,
    say,
  );
}

async function replay(
  context: CliContext,
  { slots, say }: ReplayOptions,
  { campaign, folder, jobs }: Prepared & { readonly jobs: RecordedJobs },
): Promise<Replay> {
  const { _id: id, yardstick } = campaign.campaign;
  const recorded = decisionsOf(campaign);
  const unrecorded: Array<{ readonly experiment: string | undefined; readonly kind: string }> = [];
  const trained = new Map<string, RecordedJob>();
  let runner: RecordedRunner | null = null;
  let stack: RunningStack | null = null;
  try {
    runner = await startRecordedRunner({
      home: join(folder.runners, 'recorded'),
      slots,
      jobs,
      trainerVersion: trainerOf(yardstick),
      clock: context.clock,
      onAnswered: (job) => {
        if (job.spec.kind === 'train') trained.set(job.jobId, job);
      },
      onUnrecorded: ({ labels, kind }) => unrecorded.push({ experiment: labels.experiment, kind }),
    });
    const env = replayEnvironment(context.env, folder, runner.url);
    // Nobody looks at a replay while it runs.
    const without = ['observatory'];
    stack = await startStack({ env, clock: context.clock, signal: context.interrupt, without });
    const { states, gone } = stack;
    const reading = await openReading({ ...stack, source: `lab/asi-${process.pid}`, clock: context.clock });
    const laboratory = await openReplayed(stack, id);
    try {
      await houseReady(reading, states, { env, interrupt: context.interrupt });
      say(`replaying ${id} with ${slots} ${slots === 1 ? 'slot' : 'slots'}: ${recorded.length} decisions to compare`);
      const model = environmentModelOf(campaign.campaign, campaign.calls, campaign.experiments);
      const settings = replaySettingsOf(campaign.campaign, campaign.scope, model);
      const { heldOutPer, confirmationRule } = campaign.campaign;
      await startCampaign(reading, settings, context.interrupt, { heldOutPer, confirmationRule });
      const followed = await followReplay({
        recorded,
        laboratory,
        decisions: () => laboratory.decisions(campaign.scope),
        onEqual: (one, count) => say(`${count} of ${recorded.length} equal: ${one}`),
        throwIfLost: () => {
          if (gone.aborted) throw gone.reason;
        },
        signal: context.interrupt,
      });
      const at = followed.divergence?.id;
      const question = followed.divergence && (await questionOf(followed.divergence, laboratory, campaign));
      const kinds = unrecorded.filter(({ experiment }) => experiment === at).map(({ kind }) => kind);
      const order = new Map(recorded.map((one, place) => [one.id, place]));
      const place = ({ spec }: RecordedJob) => order.get(spec.labels.experiment ?? '') ?? order.size;
      const trainings = [...trained.values()].sort((a, b) => place(a) - place(b));
      return { ...followed, recorded, campaign, question, unrecordedJobs: [...new Set(kinds)], trainings, folder };
    } finally {
      await Promise.all([laboratory.close(), reading.close()].map((closing) => closing.catch(() => undefined)));
    }
  } catch (error) {
    if (context.interrupt.aborted) context.interrupt.throwIfAborted();
    throw isAsiError(stack?.gone.reason) ? stack.gone.reason : error;
  } finally {
    await stack?.stop();
    await runner?.stop();
  }
}

/** What was asked and is not on record: for the diverging experiment, or, where that is missing and asked nothing, for the first that did. */
async function questionOf(
  { id, field }: Divergence,
  laboratory: ReplayedLaboratory,
  { calls }: RecordedCampaign,
): Promise<Replay['question']> {
  const asked = (await laboratory.unanswered(id)) ?? (field === '' ? await laboratory.unanswered(null) : null);
  if (!asked) return null;
  const { call, ...question } = asked;
  return { ...question, failed: calls.find(({ _id }) => _id === call)?.error ?? null };
}
