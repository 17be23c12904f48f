import { type CampaignRecord, campaignSettingsSchema, campaignStateSchema } from '@asi/contracts';
import { z } from 'zod';

export const campaignSummarySchema = z.object({
  id: z.string().describe('the campaign, for example c001'),
  number: z.number().int().describe('1, 2, ... in this state folder'),
  title: z.string().describe('what people call it'),
  state: campaignStateSchema.describe('what it is doing'),
  note: z.string().describe('why it is paused, finished or cancelled'),
  startedAt: z.string().describe('when it was started'),
  finishedAt: z.string().nullable().describe('when it ended; null before'),
  yardstick: z
    .string()
    .describe(
      'suite, trainer version and hash of the secret of the held-out data: losses and accuracies with the same yardstick compare',
    ),
  settings: campaignSettingsSchema.describe('all settings, defaults included; see docs/campaign-file.md'),
});
export type CampaignSummary = z.infer<typeof campaignSummarySchema>;

export const campaignSummaryOf = (record: CampaignRecord): CampaignSummary => ({
  id: record._id,
  number: record.number,
  title: record.settings.title,
  state: record.state,
  note: record.note,
  startedAt: record.startedAt,
  finishedAt: record.finishedAt,
  yardstick: record.yardstick,
  settings: record.settings,
});
