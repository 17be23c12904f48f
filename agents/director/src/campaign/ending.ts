import type { CampaignRecord, Clock } from '@asi/contracts';
import { standingOf } from '@asi/statistics';
import { evidenceOf } from '../confirmation/evidence.ts';
import type { Knowledge } from '../knowledge.ts';

type Ending = Pick<CampaignRecord, 'state' | 'note' | 'finishedAt' | 'reopened'>;

/** How a campaign ends that has nothing left to do, and what it says of itself. */
export function endingOf(campaign: CampaignRecord, completed: number, knowledge: Knowledge, clock: Clock): Ending {
  const { candidates } = campaign.settings.budget;
  const counted =
    completed >= candidates
      ? `${completed} ${completed === 1 ? 'candidate' : 'candidates'} completed`
      : `${completed} of ${candidates} candidates completed: time or attempts are used up`;
  const confirmed = confirmationWords(campaign, knowledge);
  if (campaign.reopened) {
    const { note } = campaign.reopened;
    const added = confirmed.filter((words) => !note.includes(words));
    return { ...endedAgain(campaign), note: [note, ...added].join('; ') };
  }
  return {
    state: 'finished',
    note: [counted, ...confirmed].join('; '),
    finishedAt: clock.now().toISOString(),
    reopened: null,
  };
}

/** A campaign that was open for confirmations only ends as it had ended before. */
export function endedAgain({ reopened, note }: CampaignRecord): Ending {
  return {
    state: reopened?.state ?? 'finished',
    note: reopened?.note ?? note,
    finishedAt: reopened?.finishedAt ?? null,
    reopened: null,
  };
}

function confirmationWords(campaign: CampaignRecord, knowledge: Knowledge): string[] {
  const { reference, confirmations, confirmationNote } = campaign;
  if (!reference || confirmations.length === 0) return confirmationNote === '' ? [] : [confirmationNote];
  const evidence = evidenceOf(campaign, reference, knowledge);
  return confirmations.map((one) => {
    const { candidateId, status, pairs, why } = standingOf(one, evidence).result;
    return `${candidateId} ${status.replace('-', ' ')} with ${pairs} fresh seeds: ${why}`;
  });
}
