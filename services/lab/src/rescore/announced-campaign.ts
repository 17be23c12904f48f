import {
  type CampaignSettings,
  type Confirmation,
  catalogue,
  confirmationResultSchema,
  type Reference,
} from '@asi/contracts';
import type { JournalLine } from '@asi/reading';
import { z } from 'zod';

/** What the director announced of a campaign, as far as anything ranks by it; null or without an entry: it is not in the journal. */
export type AnnouncedCampaign = {
  readonly settings: CampaignSettings | null;
  readonly reference: Reference | null;
  /** Confirmations by their place in the laboratory, as they were planned. */
  readonly plans: ReadonlyMap<number, Confirmation>;
  /** What came of them, likewise. */
  readonly ends: ReadonlyMap<number, AnnouncedEnd>;
};
const { campaignStarted, referenceSet, confirmationPlanned, confirmationConcluded } = catalogue;
const endSchema = z.object({
  result: confirmationResultSchema.pick({ order: true, status: true, pairs: true }).extend({
    /** Absent in messages of earlier versions, which does not say that nothing stopped it. */
    stopped: confirmationResultSchema.shape.stopped.unwrap().optional(),
  }),
});
type AnnouncedEnd = z.infer<typeof endSchema>['result'];

/** The messages that {@link announcedCampaign} reads. */
export const typesOfCampaign: readonly string[] = [
  campaignStarted,
  referenceSet,
  confirmationPlanned,
  confirmationConcluded,
].map(({ type }) => type);

/** Of what was said more than once, the last. */
export function announcedCampaign(messages: readonly JournalLine[]): AnnouncedCampaign {
  const said = <Data>(type: string, schema: z.ZodType<Data>): Data[] =>
    messages.flatMap((line) => (line.type === type ? (schema.safeParse(line.data).data ?? []) : []));
  return {
    settings: said(campaignStarted.type, campaignStarted.data).at(-1)?.settings ?? null,
    reference: said(referenceSet.type, referenceSet.data).at(-1)?.reference ?? null,
    plans: new Map(
      said(confirmationPlanned.type, confirmationPlanned.data).map((one) => [one.confirmation.order, one.confirmation]),
    ),
    ends: new Map(said(confirmationConcluded.type, endSchema).map(({ result }) => [result.order, result])),
  };
}
