import type { Bus } from '@asi/bus';
import {
  type CampaignRecord,
  campaignIdOf,
  type DataOf,
  catalogue as messages,
  type SpendingChanges,
  spendingSchema,
  terminal,
} from '@asi/contracts';
import { sampleCampaign } from '@asi/reading/testing';
import { campaignsIn, type Database } from '@asi/store';

/** Answers the campaign commands as the director does, on the real broker and database, without any experiment. */
export async function startStubDirector(bus: Bus, database: Database): Promise<{ stop(): Promise<void> }> {
  const campaigns = campaignsIn(database);
  const change = async (id: string, state: CampaignRecord['state'], changes: SpendingChanges = {}) => {
    const before = await campaigns.get(id);
    if (!before) throw terminal('unknown-campaign', `there is no campaign ${id}`);
    const { reopened } = before;
    const ending =
      state === 'cancelled' && reopened
        ? { ...reopened, reopened: null }
        : { state, finishedAt: state === 'cancelled' ? new Date().toISOString() : null };
    const spending = spendingSchema.parse({ ...before.settings.spending, ...changes });
    const settings = { ...before.settings, spending };
    await campaigns.replace({ ...before, rev: before.rev + 1, ...ending, settings });
  };
  const handlers: Record<string, (data: never, envelope: { id: string }) => Promise<void>> = {
    [messages.startCampaign.type]: async ({ settings }: DataOf<'startCampaign'>, { id }) => {
      if (settings.title === 'refused') throw terminal('runner-unfit', 'no runner has that suite');
      const cause = { id } as Parameters<Bus['publish']>[1]['cause'];
      const known = await campaigns.all();
      const open = known.find(({ finishedAt }) => finishedAt === null);
      if (open) {
        const data = { campaignId: open._id, state: open.state, note: open.note };
        const occurrence = { experimentId: null, campaignId: open._id, cause: cause ?? null, data };
        await bus.publish(messages.campaignChanged, occurrence);
        return;
      }
      const number = known.length + 1;
      const { campaign } = sampleCampaign({ number, candidates: 0, underWay: 0, startedAt: new Date() });
      await campaigns.create({ ...campaign, settings, startedBy: id });
      const campaignId = campaignIdOf(number);
      await bus.publish(messages.campaignStarted, {
        experimentId: null,
        campaignId,
        cause: cause ?? null,
        data: { campaignId, settings },
      });
    },
    [messages.continueCampaign.type]: ({ campaignId, spending }: DataOf<'continueCampaign'>) =>
      change(campaignId, 'running', spending),
    [messages.pauseCampaign.type]: ({ campaignId }: DataOf<'pauseCampaign'>) => change(campaignId, 'paused'),
    [messages.cancelCampaign.type]: ({ campaignId }: DataOf<'cancelCampaign'>) => change(campaignId, 'cancelled'),
  };
  const consumption = await bus.consume({
    durable: 'director',
    filters: ['asi.cmd.director.>'],
    concurrency: 1,
    handle: async ({ envelope }) => handlers[envelope.type]?.(envelope.data as never, envelope),
  });
  return { stop: consumption.stop };
}
