import {
  type CampaignSettings,
  campaignSettingsSchema,
  catalogue,
  type DataOf,
  retryable,
  terminal,
} from '@asi/contracts';
import type { CampaignSummary, Reading } from '@asi/reading';
import { askDirector } from './ask-director.ts';
import { type CampaignOptions, differences, inFewWords, settingsFrom } from './campaign-options.ts';
import { cancelCampaign, continueCampaign, openCampaign } from './change-campaign.ts';
import { hasMessages } from './has-messages.ts';
import { refusePassedCaps } from './refuse-passed-caps.ts';
import { whatIsKept } from './what-is-kept.ts';

export type OpenedCampaign = {
  readonly campaignId: string;
  /** What was done, for people. */
  readonly said: string;
  /** The journal before it was opened. */
  readonly afterSequence: number;
};

export type OpenOptions = {
  readonly options: CampaignOptions;
  /** Cancel the campaign that was unfinished instead of continuing it. */
  readonly fresh: boolean;
  /** The campaign that was unfinished when the command began, if any. */
  readonly unfinished: string | null;
  readonly signal: AbortSignal;
};

const startSeconds = 60;

/**
 * Continues the unfinished campaign of this state folder, or starts a further one. What was unfinished when the command began, and
 * has come to its end since, is not followed by another that nobody asked for. May be done again after it was done in part: what it
 * has started then is continued.
 * @throws terminal `usage` when an unfinished one has other settings than those that were asked for, or would go on with a cap that is passed already
 */
export async function continueOrStart(
  reading: Reading,
  { options, fresh, unfinished: begunWith, signal }: OpenOptions,
): Promise<OpenedCampaign> {
  let afterSequence = await reading.bus.lastSequence();
  const unfinished = await openCampaign(reading);
  let cancelled = '';
  if (unfinished && !(fresh && unfinished.id === begunWith)) {
    await refuseUnfit(reading, unfinished, options);
    const spending = settingsFrom(options, unfinished.settings)?.spending ?? unfinished.settings.spending;
    const changed = differences(spending, unfinished.settings.spending, 'spending');
    await continueCampaign(reading, unfinished.id, signal, changed.length > 0 ? spending : undefined);
    const caps = changed.length > 0 ? `; from now on ${changed.join('; ')}` : '';
    return { campaignId: unfinished.id, said: `${await continuation(reading, unfinished)}${caps}`, afterSequence };
  }
  if (begunWith !== null && !unfinished && !fresh) {
    const said = `campaign ${begunWith} came to its end while the laboratory started`;
    return { campaignId: begunWith, said, afterSequence };
  }
  if (unfinished) {
    cancelled = `${await cancelCampaign(reading, unfinished.id, signal)}; `;
    afterSequence = await reading.bus.lastSequence();
  }
  const settings = settingsFrom(options) ?? campaignSettingsSchema.parse({});
  const campaignId = await startCampaign(reading, settings, signal);
  if (campaignId === null) return joinTheSame(reading, settings, afterSequence);
  const { learnsFrom = 0 } = (await reading.progress(campaignId)) ?? {};
  const learnt = learnsFrom > 0 ? '; it begins from what earlier campaigns learnt' : '';
  return { campaignId, said: `${cancelled}campaign ${campaignId} is started${learnt}`, afterSequence };
}

/**
 * Asks before anything is started. @returns the unfinished campaign, if any
 * @throws terminal `usage` when the unfinished campaign, if any, has other settings than those that were asked for, or would go on with a cap that is passed already
 */
export async function refuseConflict(reading: Reading, options: CampaignOptions): Promise<CampaignSummary | null> {
  const unfinished = await openCampaign(reading);
  if (unfinished) await refuseUnfit(reading, unfinished, options);
  return unfinished;
}

async function refuseUnfit(reading: Reading, unfinished: CampaignSummary, options: CampaignOptions): Promise<void> {
  refuseOtherSettings(unfinished, options);
  await refusePassedCaps(reading, unfinished, options);
}

function refuseOtherSettings(unfinished: CampaignSummary, options: CampaignOptions): void {
  const asked = settingsFrom(options, unfinished.settings);
  // Caps and prices may change under way: that is how a campaign goes on whose cap is reached.
  const other = asked ? differences(unfinished.settings, { ...asked, spending: unfinished.settings.spending }) : [];
  if (other.length === 0) return;
  throw terminal(
    'usage',
    `campaign ${unfinished.id} is unfinished and has other settings (${inFewWords(other)}): asi run without options continues it, --new cancels it (${whatIsKept}) and starts yours`,
  );
}

async function continuation(reading: Reading, { id, title, settings }: CampaignSummary): Promise<string> {
  const progress = await reading.progress(id);
  const done = progress
    ? `: ${progress.candidates.completed} of ${progress.candidates.wanted} candidates are done`
    : '';
  // What was asked of the roles is asked again only when its deadline has passed.
  const lost = (await hasMessages(reading, id))
    ? ''
    : `; its messages are gone from the broker, so that what was under way stands still for up to ${Math.ceil(settings.limits.queueSeconds / 60)} minutes: asi run --new gives it up and begins another`;
  return `campaign ${id} "${title}" is continued where it was${done} (asi run --new would start another)${lost}`;
}

/** Two people, or two terminals, may start at the same moment; the director takes the first. */
async function joinTheSame(
  reading: Reading,
  settings: CampaignSettings,
  afterSequence: number,
): Promise<OpenedCampaign> {
  const open = await openCampaign(reading);
  if (open === null || differences(open.settings, settings).length > 0)
    throw terminal(
      'campaign-refused',
      `another asi run started campaign ${open?.id ?? ''} at the same moment, with other settings: asi watch follows it, and yours can start when it has ended`,
    );
  return {
    campaignId: open.id,
    said: `campaign ${open.id} was started by another asi run at the same moment, with the same settings: this is its view`,
    afterSequence,
  };
}

/** Asks the director for a campaign and waits until it says that it has started; null when another was begun first. */
export async function startCampaign(
  reading: Reading,
  settings: CampaignSettings,
  signal: AbortSignal,
  begunSo: Omit<DataOf<'startCampaign'>, 'settings'> = { heldOutPer: 'replicate', confirmationRule: 'larger-spread' },
): Promise<string | null> {
  const told = await askDirector<{ readonly started: string | null }>(reading, {
    ask: (id) =>
      reading.bus.publish(catalogue.startCampaign, { experimentId: null, id, data: { settings, ...begunSo } }),
    answers: [
      {
        event: catalogue.campaignStarted,
        read: (data) => {
          const { data: said } = catalogue.campaignStarted.data.safeParse(data);
          return said ? { started: said.campaignId } : null;
        },
      },
      // It tells whoever comes second that a campaign is open.
      { event: catalogue.campaignChanged, read: () => ({ started: null }) },
    ],
    elsewhere: async (askedAt) => {
      const started = await newestAfter(reading, settings, askedAt);
      return started === null ? null : { started };
    },
    seconds: startSeconds,
    signal,
  });
  if (told.kind === 'answered') return told.answer.started;
  if (told.kind === 'refused') throw terminal('campaign-refused', `the director refuses the campaign: ${told.why}`);
  throw retryable(
    'no-answer',
    `no director started the campaign within ${startSeconds} s; asi status shows the processes`,
  );
}

async function newestAfter(reading: Reading, settings: CampaignSettings, time: string): Promise<string | null> {
  const campaign = await reading.campaign();
  const same = campaign !== null && differences(campaign.settings, settings).length === 0;
  return same && campaign.startedAt >= time ? campaign.id : null;
}
