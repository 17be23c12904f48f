import type { Confirmation, ConfirmationResult } from '@asi/contracts';
import { fitnessOf, standingOf } from '@asi/statistics';
import type { Material } from './material.ts';
import { settledRunOf } from './settled-run-of.ts';

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
      return found && settledRunOf(found);
    },
  };
  return confirmations.map((one) => standingOf(one, evidence).result);
}

/** The trainings up to the next look of a confirmation that has seen so many pairs, or all that it needed once it has ended. */
export function trainingsNeeded({ runs, against, looks, concludedAt }: Confirmation, seen: number): string[] {
  const next = concludedAt === null ? (looks.find((pairs) => pairs > seen) ?? seen) : seen;
  return [runs, ...against.map((one) => one.runs)].flatMap((ids) => ids.slice(0, next));
}

/**
 * What counts of each candidate: a confirmation that confirmed it, or else the latest that was not stopped, or else what a
 * stopped one saw. One that was stopped before its first look says nothing, and leaves the candidate as it was.
 */
export function confirmationByCandidate(results: readonly ConfirmationResult[]): Map<string, ConfirmationResult> {
  const counting = new Map<string, ConfirmationResult>();
  for (const result of results) {
    if (result.stopped !== null && result.pairs === 0) continue;
    const before = counting.get(result.candidateId);
    const isBeaten = before?.status === 'confirmed' || (result.stopped !== null && before?.stopped === null);
    if (!isBeaten) counting.set(result.candidateId, result);
  }
  return counting;
}
