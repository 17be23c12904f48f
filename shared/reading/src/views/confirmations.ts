import type { ConfirmationResult } from '@asi/contracts';
import { fitnessOf, standingOf } from '@asi/statistics';
import type { Material } from './material.ts';

/** Every confirmation of the campaign in the order in which they were begun, computed anew from the stored measurements. */
export function confirmationsOf({ campaign, candidates, earlier, confirmationRuns }: Material): ConfirmationResult[] {
  const { reference, confirmations } = campaign;
  if (!reference) return [];
  const runs = new Map(confirmationRuns.map((one) => [one._id as string, one]));
  const merits = new Map(
    [...earlier, ...candidates].flatMap(({ _id, outcome, measurement }) =>
      outcome === 'completed' && measurement ? [[_id as string, fitnessOf(measurement, reference, null).merit]] : [],
    ),
  );
  const evidence = {
    reference,
    provisional: {
      merits: candidates.flatMap(({ _id }) => merits.get(_id) ?? []),
      meritOf: (id: string) => merits.get(id) ?? null,
    },
    run: (id: string) => {
      const found = runs.get(id);
      return (
        found && {
          outcome: found.outcome,
          measured: found.measurement,
          code: found.reason?.code ?? null,
          suspectLeak: Boolean(found.measurement?.suspectLeak),
        }
      );
    },
  };
  return confirmations.map((one) => standingOf(one, evidence).result);
}

/** What counts of each candidate: a confirmation that confirmed it, or else the latest. */
export function confirmationByCandidate(results: readonly ConfirmationResult[]): Map<string, ConfirmationResult> {
  const counting = new Map<string, ConfirmationResult>();
  for (const result of results)
    if (counting.get(result.candidateId)?.status !== 'confirmed') counting.set(result.candidateId, result);
  return counting;
}
