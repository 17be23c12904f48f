import {
  type CampaignRecord,
  type Confirmation,
  confirmationRunIdOf,
  type ExperimentId,
  terminal,
} from '@asi/contracts';
import { levelOf, looksFor } from '@asi/statistics';
import type { Knowledge } from '../knowledge.ts';
import type { Remembered } from '../remembered.ts';
import { type Contestant, contestantOf, rivalsOf } from './compared-with.ts';

export type PlanRequest = {
  readonly candidate: Remembered;
  readonly campaign: CampaignRecord;
  /** All of the laboratory: places in the order and used seeds depend on them. */
  readonly campaigns: readonly CampaignRecord[];
  readonly knowledge: Knowledge;
  readonly seeds: number;
  readonly requestedBy: Confirmation['requestedBy'];
  readonly requestId: string;
};

/** Larger than the seeds that people give to baselines and candidates, so that a look at one tells which it is. */
const firstFreshSeed = 101;

/**
 * Fixes everything about a confirmation before its first run: place and level, looks, fresh seeds and trainings.
 * C1: a seed is fresh when none of the compared programs was trained with it for a provisional number, and no earlier
 *     confirmation by this yardstick used it, of whatever candidate.
 * C2: every run is its own, DeltaNet's and the parent's too: whoever asks for a confirmation, and for how many seeds, has seen
 *     none of them, and all of one seed meet held-out data that is this confirmation's.
 */
export function planConfirmation(request: PlanRequest): Confirmation {
  const { candidate, campaign, campaigns, knowledge, requestedBy, requestId } = request;
  const own = contestantOf(candidate);
  if (!own) throw terminal('no-program', `${candidate.entry.experimentId} has no program that could be trained again`);
  const rivals = rivalsOf(candidate, knowledge);
  const taken = new Set([
    ...[own, ...rivals].flatMap(({ program }) => [...knowledge.provisionalSeeds(program)]),
    ...campaign.settings.baselines.flatMap(({ seeds }) => seeds),
    campaign.settings.candidateSeed,
    ...campaigns
      .filter(({ yardstick }) => yardstick === campaign.yardstick)
      .flatMap(({ confirmations }) => confirmations.flatMap(({ seeds }) => seeds)),
  ]);
  const seeds = freshSeeds(request.seeds, taken);
  const runsOf = (contestant: Contestant): ExperimentId[] =>
    seeds.map((seed) => confirmationRunIdOf(campaign._id, placeOf(contestant, campaign), seed));
  const order = campaigns.reduce((sum, { confirmations }) => sum + confirmations.length, 0) + 1;
  return {
    candidateId: candidate.entry.experimentId,
    order,
    requestedBy,
    requestId,
    level: levelOf(order),
    rule: requestedBy === 'plan' ? campaign.confirmationRule : 'larger-spread',
    looks: looksFor(request.seeds),
    seeds,
    runs: runsOf(own),
    against: rivals.map((rival) => ({
      relation: rival.relation,
      id: rival.id,
      name: rival.name,
      runs: runsOf(rival),
    })),
    closed: null,
    concludedAt: null,
  };
}

function freshSeeds(count: number, taken: ReadonlySet<number>): number[] {
  const seeds: number[] = [];
  for (let seed = firstFreshSeed; seeds.length < count; seed++) if (!taken.has(seed)) seeds.push(seed);
  return seeds;
}

/** The program in the id of its runs: without the campaign where it is the same. */
const placeOf = ({ id }: Contestant, campaign: CampaignRecord): string =>
  id.startsWith(`${campaign._id}-`) ? id.slice(campaign._id.length + 1) : id;
