import type { CampaignRecord, Confirmation, ExperimentId } from '@asi/contracts';
import { commonContext } from '../campaign/candidate.ts';
import type { ExperimentContext } from '../experiment/context.ts';
import type { Knowledge } from '../knowledge.ts';
import { type Contestant, contestantOf, rivalsOf } from './compared-with.ts';

export type ConfirmationRun = {
  readonly id: ExperimentId;
  /** Place of the confirmation among those of the laboratory. */
  readonly order: number;
  readonly seed: number;
  readonly contestant: Contestant;
  /** Whether it is the candidate's, and none of those that it is compared with. */
  readonly isOwn: boolean;
};

/** The trainings of the first `pairs` seeds, pair by pair. */
export function runsOf(confirmation: Confirmation, pairs: number, knowledge: Knowledge): ConfirmationRun[] {
  const candidate = knowledge.get(confirmation.candidateId);
  const own = candidate && contestantOf(candidate);
  if (!candidate || !own) return [];
  const columns = [
    { contestant: own, ids: confirmation.runs },
    ...rivalsOf(candidate, knowledge).map((rival, index) => ({
      contestant: rival,
      ids: confirmation.against[index]?.runs ?? [],
    })),
  ];
  return confirmation.seeds.slice(0, pairs).flatMap((seed, index) =>
    columns.flatMap(({ contestant, ids }) => {
      const id = ids[index];
      return id ? [{ id, order: confirmation.order, seed, contestant, isOwn: contestant === own }] : [];
    }),
  );
}

/** A training of a stored program or a built-in, with a fresh seed; it is whole as soon as it is measured. */
export function confirmationContext(
  campaign: CampaignRecord,
  { id, order, seed, contestant, isOwn }: ConfirmationRun,
  sampledAt: string,
): ExperimentContext {
  const { program, name } = contestant;
  return {
    ...commonContext(campaign, { sampledAt, seed, confirmation: order, arm: null }),
    experimentId: id,
    kind: 'confirmation',
    ordinal: null,
    name,
    baseline: program.kind === 'builtin' ? program.name : null,
    program: program.kind === 'source' ? program : null,
    seed,
    // The program could tell by the seed that this is a confirmation, and be larger there.
    ...(isOwn ? { parameterRatio: campaign.settings.limits.parameterRatio } : {}),
    designSeed: '',
    parent: null,
    references: [],
    horizon: 0,
  };
}
