import {
  type CampaignRecord,
  type DataOf,
  type Envelope,
  evaluationSeedOf,
  retryable,
  terminal,
  yardstickOf,
} from '@asi/contracts';
import type { CampaignOffice } from '../campaign/campaign-office.ts';
import { soleTrainer } from '../campaign/sole-trainer.ts';
import type { Knowledge } from '../knowledge.ts';
import type { RunnersSeen } from '../runners.ts';
import type { Confirmations } from './confirmations.ts';
import { planConfirmation } from './plan-confirmation.ts';

export type RequestTools = {
  readonly office: CampaignOffice;
  readonly knowledge: Knowledge;
  readonly confirmations: Confirmations;
  readonly runners: () => Promise<RunnersSeen | null>;
};

/**
 * A person asks for a confirmation: of a candidate of the open campaign, or of one that has ended, which is opened again
 * without touching its candidates. A repeated message changes nothing.
 * @throws terminal `unknown-experiment`, `not-a-candidate`, `suspect-leak`, `no-reference`, `confirming-already`,
 *   `campaign-open`, `mixed-trainers`, `other-trainer`; retryable `no-runner`
 */
export async function requestConfirmation(
  { experimentId, seeds }: DataOf<'confirmCandidate'>,
  envelope: Envelope,
  { office, knowledge, confirmations, runners }: RequestTools,
): Promise<void> {
  const candidate = knowledge.get(experimentId);
  if (!candidate) throw terminal('unknown-experiment', `there is no finished experiment ${experimentId}`);
  const campaign = office.all().find(({ number }) => number === candidate.campaignNumber);
  if (candidate.kind !== 'candidate' || candidate.outcome !== 'completed' || !campaign) {
    throw terminal(
      'not-a-candidate',
      `${experimentId} is not a completed candidate; only those can be confirmed: asi leaderboard lists them`,
    );
  }
  if (campaign.confirmations.some(({ requestId }) => requestId === envelope.id)) return;
  if (candidate.suspectLeak) {
    throw terminal(
      'suspect-leak',
      `${experimentId} is suspected to look ahead, so no score of it shows anything: asi show ${experimentId} says why; design it again without that`,
    );
  }
  if (!campaign.reference) {
    throw terminal('no-reference', `campaign ${campaign._id} has no measured baselines yet: try again when it has`);
  }
  if (campaign.confirmations.some((one) => one.candidateId === experimentId && one.concludedAt === null))
    throw terminal('confirming-already', `${experimentId} is being confirmed already: asi show ${experimentId} tells`);
  const open = office.current();
  if (open && open._id !== campaign._id) {
    throw terminal('campaign-open', `campaign ${open._id} is ${open.state}: ask again when it has ended`);
  }
  const seen = await runners();
  if (!seen) throw retryable('no-runner', 'no runner has answered yet', { retryAfterMilliseconds: 500 });
  if (campaign.yardstick !== yardstickOf(campaign.settings.suite, soleTrainer(seen), evaluationSeedOf(campaign))) {
    throw terminal(
      'other-trainer',
      `the trainer has changed since campaign ${campaign._id}: what it measures now does not compare with what it measured then; run a new campaign`,
    );
  }
  const confirmation = planConfirmation({
    candidate,
    campaign,
    campaigns: office.all(),
    knowledge,
    seeds,
    requestedBy: 'person',
    requestId: envelope.id,
  });
  await confirmations.begin(campaign, [confirmation], open ? {} : openedAgain(campaign), envelope);
}

/** A campaign that has ended, open for confirmations only. */
function openedAgain({ state, note, finishedAt, candidatesEndedAt }: CampaignRecord): Partial<CampaignRecord> {
  return {
    state: 'running',
    note: '',
    finishedAt: null,
    candidatesEndedAt: candidatesEndedAt ?? finishedAt,
    reopened: { state: state === 'cancelled' ? 'cancelled' : 'finished', note, finishedAt },
  };
}
