import type { Confirmation, ConfirmationResult, ConfirmedDifference, Reference } from '@asi/contracts';
import { type ComparisonResult, type Conclusion, concludeConfirmation } from './confirmation.ts';
import { possibleDifference } from './possible.ts';
import { estimatorOf, type Provisional } from './provisional.ts';
import { meritThatCounts, type SettledRun } from './settled-run.ts';
import { combined, differenceBetween, leastForPopulation } from './shrinkage.ts';

export type Evidence = {
  readonly reference: Reference;
  readonly provisional: Provisional;
  /** Undefined while it is not settled. */
  readonly run: (id: string) => SettledRun | undefined;
};

export type Standing = {
  readonly result: ConfirmationResult;
  /** Seeds, from the first, whose runs are needed next; null when it has ended. */
  readonly needed: number | null;
};

const closedWords = { time: 'its time was up', cancelled: 'the campaign was cancelled' } as const;

/** What a confirmation came to, from the stored measurements of its runs: whoever asks computes the same. */
export function standingOf(confirmation: Confirmation, evidence: Evidence): Standing {
  const { seeds, runs, against, looks, level, rule, closed } = confirmation;
  const { reference, run } = evidence;
  const rows = seeds.map((seed, index) =>
    [runs[index], ...against.map((other) => other.runs[index])].map((id, column) => ({
      seed,
      of: column === 0 ? 'the candidate' : (against[column - 1]?.name ?? ''),
      settled: id === undefined ? undefined : run(id),
    })),
  );
  const settled = prefix(rows, (row) => row.every((one) => one.settled !== undefined));
  const counts = (one: SettledRun | undefined) => meritThatCounts(one, reference) !== null;
  const measured = prefix(settled, (row) => row.every((one) => counts(one.settled)));
  const merits = measured.map((row) => row.map((one) => meritThatCounts(one.settled, reference) ?? Number.NaN));
  const comparisons = against.map(({ name }, which) => ({
    other: name,
    differences: merits.map((row) => (row[0] ?? Number.NaN) - (row[which + 1] ?? Number.NaN)),
  }));
  const { merit: deviation, degreesOfFreedom } = reference.noise;
  const conclusion = concludeConfirmation(comparisons, { looks, level, rule, noise: { deviation, degreesOfFreedom } });
  const isOpen = conclusion.status === 'under-way';
  const broken =
    isOpen && settled.length >= conclusion.pairs
      ? settled[measured.length]?.find((one) => !counts(one.settled))
      : undefined;
  const isStopped = isOpen && closed !== null && (!broken || broken.settled?.code === 'cancelled');
  const end =
    broken && !isStopped
      ? `the training of ${broken.of} with seed ${broken.seed} ${broken.settled?.suspectLeak ? 'seems to look ahead: its score shows nothing' : `gave no result: ${broken.settled?.code ?? 'unknown'}`}`
      : isStopped
        ? `stopped before it could be decided: ${closedWords[closed]}`
        : null;
  const { status, why } = wordsOf(conclusion, end);
  const { candidateId, order, requestedBy } = confirmation;
  return {
    needed: status === 'under-way' ? conclusion.pairs : null,
    result: {
      candidateId,
      order,
      requestedBy,
      level,
      rule,
      status,
      why,
      stopped: isStopped ? closed : null,
      pairs: conclusion.comparisons[0]?.look?.pairs ?? 0,
      seeds: [...seeds],
      differences: differencesOf(confirmation, conclusion.comparisons, evidence),
    },
  };
}

function wordsOf(conclusion: Conclusion, end: string | null): Pick<ConfirmationResult, 'status' | 'why'> {
  if (conclusion.status !== 'under-way') return { status: conclusion.status, why: conclusion.why };
  if (end !== null) return { status: 'not-confirmed', why: end };
  return { status: 'under-way', why: `the next look is after ${conclusion.pairs} pairs` };
}

function differencesOf(
  { candidateId, against }: Confirmation,
  comparisons: readonly ComparisonResult[],
  { reference, provisional }: Evidence,
): ConfirmedDifference[] {
  const estimate = estimatorOf(reference, provisional);
  const own = estimate(candidateId);
  return comparisons.flatMap(({ look, verdict }, which): ConfirmedDifference[] => {
    const other = against[which];
    if (!look || !other) return [];
    const { pairs, effect, low, high, standardError } = look;
    const fresh = { mean: effect, variance: standardError ** 2 };
    const prior = estimate(other.id);
    // A run that was chosen and is not shrunk pulls the effect up: then the fresh pairs speak alone.
    const isShrunk = own && prior && provisional.merits.length >= leastForPopulation;
    const shrunk = isShrunk ? combined(differenceBetween(own, prior), fresh) : null;
    const { relation, id, name } = other;
    return [
      {
        relation,
        id,
        name,
        pairs,
        effect,
        low: possibleDifference(low),
        high: possibleDifference(high),
        verdict,
        shrunk: shrunk && { effect: shrunk.mean, deviation: Math.sqrt(shrunk.variance) },
      },
    ];
  });
}

function prefix<T>(all: readonly T[], holds: (one: T) => boolean): readonly T[] {
  const end = all.findIndex((one) => !holds(one));
  return end === -1 ? all : all.slice(0, end);
}
