import type { WholeRecord } from './whole-record.ts';

/**
 * What must hold of a finished laboratory whatever was killed, in whatever order results came. @returns what does not, in words
 *
 * S1 nothing is lost: ordinals of each campaign are 1..n, no experiment is left under way, every baseline run exists.
 * S2 nothing counts twice: one settled message and one document an experiment, and the same ones.
 * S3 nothing contradicts: a completed experiment is whole, another has a reason; parents and references exist and came before.
 * S4 the budget is kept: as many completed candidates as were wanted.
 * S5 what was begun with fresh seeds is concluded, and nothing else was trained with one.
 */
export function contradictionsIn({
  campaigns,
  experiments,
  insights,
  underWay,
  settled,
  problems,
}: WholeRecord): string[] {
  const found = [...problems, ...underWay.map((id) => `${id} is still under way`)];
  const byId = new Map(experiments.map((one) => [one._id as string, one]));
  const claim = (holds: boolean, what: string) => void (holds || found.push(what));

  for (const id of byId.keys())
    claim(settled.filter((one) => one === id).length === 1, `${id} is not settled exactly once`);
  for (const id of settled) claim(byId.has(id), `${id} is settled and has no document`);
  for (const { _id, settings, state, baselineIds, reference, confirmations } of campaigns) {
    claim(
      confirmations.every(({ concludedAt }) => concludedAt !== null),
      `${_id} has a confirmation without an end`,
    );
    const planned = new Set<string>(
      confirmations.flatMap(({ runs, against }) => [...runs, ...against.flatMap((one) => one.runs)]),
    );
    for (const one of experiments)
      if (one.kind === 'confirmation' && one.campaignId === _id)
        claim(planned.has(one._id), `${one._id} is part of no confirmation`);
    const candidates = experiments.filter((one) => one.campaignId === _id && one.kind === 'candidate');
    const ordinals = candidates.map(({ ordinal }) => ordinal ?? 0).sort((a, b) => a - b);
    claim(
      ordinals.every((ordinal, index) => ordinal === index + 1),
      `candidates of ${_id} are ${ordinals.join(', ')}`,
    );
    claim(state === 'finished', `${_id} is ${state}`);
    claim(reference !== null, `${_id} has no reference`);
    const runs = settings.baselines.flatMap(({ name, seeds }) => seeds.map((seed) => `${name}/${seed}`)).sort();
    const known = baselineIds.map((id) => `${byId.get(id)?.baseline}/${byId.get(id)?.seed}`).sort();
    claim(JSON.stringify(runs) === JSON.stringify(known), `baselines of ${_id} are ${known.join(', ')}`);
    const completed = candidates.filter(({ outcome }) => outcome === 'completed').length;
    const lost = candidates.length - completed;
    claim(completed === settings.budget.candidates, `${_id} completed ${completed} candidates, and lost ${lost}`);
  }
  for (const one of experiments) {
    const { _id, outcome, measurement, fitness, judgement, design, analysis, reason, kind } = one;
    if (outcome !== 'completed') claim(reason !== null, `${_id} is ${outcome} without a reason`);
    else {
      const judged = kind === 'confirmation' || (fitness?.total != null && judgement !== null);
      claim(measurement !== null && judged, `${_id} is completed and not whole`);
      claim(kind !== 'candidate' || (design !== null && analysis !== null), `${_id} has no design or no analysis`);
      claim(
        kind !== 'candidate' || insights.some(({ experimentId }) => experimentId === _id),
        `${_id} left no insight`,
      );
    }
    for (const id of [one.parentId, ...one.referenceIds]) {
      if (id === null) continue;
      const other = byId.get(id);
      claim(other !== undefined, `${_id} descends from ${id}, which does not exist`);
      const before =
        other?.ordinal == null || other.campaignNumber < one.campaignNumber || other.ordinal <= one.horizon;
      claim(before, `${_id} knows ${id}, which came later`);
    }
  }
  for (const name of duplicates(experiments.flatMap(({ design }) => design?.programHash ?? [])))
    found.push(`program ${name} was designed twice`);
  return found;
}

const duplicates = (items: readonly string[]): string[] => items.filter((one, index) => items.indexOf(one) !== index);
