import { campaignIdSchema, catalogue, isOpenCampaign, retryable, type Spending, terminal } from '@asi/contracts';
import type { CampaignSummary, Reading } from '@asi/reading';
import { Command } from 'commander';
import { externalServers } from '../stack/server-urls.ts';
import { readStack, type StackDescription } from '../stack/stack-file.ts';
import { environmentOfStack, startedOtherwise } from '../stack/stack-variables.ts';
import { existingStateFolder } from '../stack/state-folder.ts';
import { askDirector } from './ask-director.ts';
import { type CampaignOptions, differences, inFewWords, settingsFrom } from './campaign-options.ts';
import { cancelExperiment } from './cancel-experiment.ts';
import type { CliContext } from './cli-context.ts';
import { type CommandDefinition, withExample } from './command-definition.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { refusePassedCaps } from './refuse-passed-caps.ts';
import { refuseWithoutModels } from './refuse-without-models.ts';
import { whatIsKept, whatWasKept } from './what-is-kept.ts';
import { withReading } from './with-reading.ts';

const answerSeconds = 20;

/** `asi pause`: nothing new is sampled; what is under way ends. */
export const pauseCommand: CommandDefinition = (context) => ({
  command: withExample(
    new Command('pause').description('sample nothing new; what is under way ends (asi resume goes on)'),
    'asi pause',
  ),
  run: () =>
    onOpenCampaign(context, async (reading, { id }) => {
      await change(reading, id, catalogue.pauseCampaign, ['paused', 'finished', 'cancelled'], context.interrupt);
      context.out.write(`campaign ${id} is paused: what is under way ends, asi resume goes on\n`);
      return exitCodes.good;
    }),
});

/** `asi resume`: a paused campaign goes on, with other caps if they are given. */
export const resumeCommand: CommandDefinition = (context) => ({
  command: withExample(
    new Command('resume')
      .description('let a paused campaign go on, with other caps of spending if they are given')
      .option('--dollars <n>', 'what its language models may cost in all from now on, with what is spent')
      .option('--tokens <n>', 'the tokens that they may take in all')
      .option('--campaign <file>', 'take caps and prices (spending) from this campaign file, and nothing else of it'),
    'asi resume',
    'asi resume --dollars 20',
  ),
  run: async ([options]) => {
    const given = options as Pick<CampaignOptions, 'campaign' | 'dollars' | 'tokens'>;
    // A wrong option is an error whether a campaign is open or not.
    settingsFrom(given);
    return onOpenCampaign(context, async (reading, campaign, stack) => {
      if (stack)
        refuseWithoutModels(
          campaign.settings,
          environmentOfStack(stack),
          `campaign ${campaign.id} stays as it is, for ${startedOtherwise}`,
        );
      await refusePassedCaps(reading, campaign, given);
      const passedOver = notTaken({ ...given, env: context.env }, campaign);
      const spending = settingsFrom(given, campaign.settings)?.spending;
      const capped = (await reading.progress(campaign.id))?.capped ?? null;
      await continueCampaign(reading, campaign.id, context.interrupt, spending);
      const changed = spending ? differences(spending, campaign.settings.spending, 'spending') : [];
      const asBefore = capped ? '; its caps are as they were: the next call that could pass one pauses it again' : '';
      const caps = changed.length > 0 ? ` (${changed.join('; ')})` : asBefore;
      context.out.write(`campaign ${campaign.id} goes on${caps}\n`);
      if (passedOver) context.error.write(`asi: ${passedOver}\n`);
      return exitCodes.good;
    });
  },
});

/** What a campaign file says otherwise, beside caps and prices: who changed a model there would wait for it in vain. */
function notTaken(given: CampaignOptions, { id, settings }: CampaignSummary): string | null {
  const asked = settingsFrom(given, settings);
  const other = asked ? differences(settings, { ...asked, spending: settings.spending }) : [];
  return other.length === 0
    ? null
    : `of ${given.campaign} caps and prices are taken alone: campaign ${id} keeps what else it was started with (${inFewWords(other)}); asi run --new --campaign ${given.campaign} gives it up (${whatIsKept}) and begins another`;
}

/** Lets a campaign go on, with other caps if they are given, and returns when the director has done so. */
export async function continueCampaign(
  reading: Reading,
  id: string,
  signal: AbortSignal,
  spending?: Spending,
): Promise<void> {
  await change(reading, id, catalogue.continueCampaign, ['running', 'finished', 'cancelled'], signal, spending);
}

/** Ends a campaign with everything under way. @returns what became of it, in words */
export async function cancelCampaign(reading: Reading, id: string, signal: AbortSignal): Promise<string> {
  // Asked before: what is under way ends with the campaign, and whether it was measured is in no list afterwards.
  const underWay = (await reading.progress(id))?.inFlight ?? [];
  await change(reading, id, catalogue.cancelCampaign, ['cancelled', 'finished'], signal);
  // One that had ended, and was opened again for a confirmation, ends as it had.
  const ended = (await reading.campaign(id))?.state ?? 'cancelled';
  return `campaign ${id} is ${ended === 'finished' ? 'finished, as it was before its confirmation was asked for' : ended}; ${whatWasKept(underWay)}`;
}

/** `asi cancel [ID]`: ends an experiment, or the open campaign with everything under way. */
export const cancelCommand: CommandDefinition = (context) => ({
  command: withExample(
    new Command('cancel')
      .description(`end one experiment, or the open campaign with everything under way; ${whatIsKept}`)
      .argument('[id]', 'an experiment (c001-0007) or a campaign (c001); the open campaign without it'),
    'asi cancel c001-0007',
    'asi cancel',
  ),
  run: ([id]) =>
    withRunningStack(context, async (reading) => {
      if (typeof id === 'string' && id.includes('-')) return cancelExperiment(context, reading, id);
      const campaign = typeof id === 'string' ? await reading.campaign(id) : await openCampaign(reading);
      if (!campaign) throw terminal('no-campaign', id ? `there is no campaign ${id as string}` : 'no campaign is open');
      if (campaign.finishedAt) throw terminal('campaign-ended', `campaign ${campaign.id} is ${campaign.state} already`);
      context.out.write(`${await cancelCampaign(reading, campaign.id, context.interrupt)}\n`);
      return exitCodes.good;
    }),
});

/** The campaign that is running or paused, if any: there is never more than one. */
export const openCampaign = async (reading: Reading): Promise<CampaignSummary | null> =>
  (await reading.campaigns()).find(isOpenCampaign) ?? null;

/** @throws terminal `stack-needed` */
function withRunningStack<Result>(
  context: CliContext,
  act: (reading: Reading, stack: StackDescription | null) => Promise<Result>,
): Promise<Result> {
  if (!externalServers(context.env) && !readStack(existingStateFolder(context.env))) {
    throw terminal('stack-needed', 'the stack is not running, so nothing can be changed; start it with asi up');
  }
  return withReading(context, act);
}

const onOpenCampaign = (
  context: CliContext,
  act: (reading: Reading, campaign: CampaignSummary, stack: StackDescription | null) => Promise<ExitCode>,
): Promise<ExitCode> =>
  withRunningStack(context, async (reading, stack) => {
    const campaign = await openCampaign(reading);
    if (!campaign) throw terminal('no-campaign', 'no campaign is open; asi run starts one');
    return act(reading, campaign, stack);
  });

/**
 * Has the director change a campaign, and waits until it says that it did, or the campaign is in one of these states: the
 * answer is waited for, because a state may have passed before anybody looked.
 * @throws terminal `refused`, retryable `no-answer`
 */
export async function change(
  reading: Reading,
  id: string,
  command: (typeof catalogue)['pauseCampaign' | 'continueCampaign' | 'cancelCampaign'],
  states: ReadonlyArray<CampaignSummary['state']>,
  signal: AbortSignal,
  spending?: Spending,
): Promise<void> {
  const campaignId = campaignIdSchema.parse(id);
  const message = { experimentId: null, campaignId, data: { campaignId, ...(spending ? { spending } : {}) } };
  const isThere = async () => {
    const campaign = await reading.campaign(id);
    if (campaign === null || !states.includes(campaign.state)) return false;
    return !spending || differences(spending, campaign.settings.spending).length === 0;
  };
  if (await isThere()) {
    await reading.bus.publish(command, message);
    return;
  }
  const told = await askDirector<true>(reading, {
    ask: (messageId) => reading.bus.publish(command, { ...message, id: messageId }),
    answers: [
      {
        event: catalogue.campaignChanged,
        read: (data) => {
          const changed = catalogue.campaignChanged.data.safeParse(data).data;
          return changed?.campaignId === campaignId && states.includes(changed.state) ? true : null;
        },
      },
    ],
    elsewhere: async () => ((await isThere()) ? true : null),
    seconds: answerSeconds,
    signal,
  });
  if (told.kind === 'answered') return;
  if (told.kind === 'refused') throw terminal('refused', `the director refuses: ${told.why}`);
  throw retryable(
    'no-answer',
    'the director does not answer; asi status shows its state, and the message is kept until it does',
  );
}
