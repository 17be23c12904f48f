import type { CampaignRecord, Reference } from '@asi/contracts';
import { type Evidence, fitnessOf } from '@asi/statistics';
import type { Knowledge } from '../knowledge.ts';

/** What the director knows of the runs of a campaign's confirmations, and of its candidates before them. */
export function evidenceOf(campaign: CampaignRecord, reference: Reference, knowledge: Knowledge): Evidence {
  const meritOf = (id: string): number | null => {
    const measured = knowledge.get(id)?.measured;
    return measured ? fitnessOf(measured, reference, null).merit : null;
  };
  return {
    reference,
    provisional: {
      merits: knowledge.completedCandidates(campaign.number).flatMap(({ entry }) => meritOf(entry.experimentId) ?? []),
      meritOf,
    },
    run: (id) => knowledge.get(id),
  };
}
