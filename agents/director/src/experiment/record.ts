import { type ExperimentRecord, experimentIdSchema, terminal } from '@asi/contracts';
import type { Inflight } from '@asi/store';
import { contextOf, outcomeOf, restore } from './step.ts';

/** The finished record of a settled experiment. Throws a terminal error when it is not settled. */
export function recordOf(document: Inflight, finishedAt: string): ExperimentRecord {
  const outcome = outcomeOf(restore(document));
  if (!outcome) throw terminal('bug', `${document._id} is not settled`);
  const context = contextOf(document);
  return {
    _id: experimentIdSchema.parse(document._id),
    campaignId: context.campaignId,
    campaignNumber: context.campaignNumber,
    kind: context.kind,
    ordinal: context.ordinal,
    arm: context.arm ?? null,
    outcome,
    reason: context.reason,
    name: context.name,
    baseline: context.baseline,
    seed: context.seed,
    parentId: context.parent?.experimentId ?? null,
    referenceIds: context.references.map((one) => one.experimentId),
    horizon: context.horizon,
    program: context.program,
    design: context.design,
    ...(context.thrownAway ? { thrownAway: context.thrownAway } : {}),
    measurement: context.measurement,
    ...(context.revisions ? { revisions: context.revisions } : {}),
    judgement: context.judgement,
    analysis: context.analysis,
    fitness: context.fitness,
    yardstick: context.yardstick,
    attempts: context.attempts,
    measuredAt: document.view.measuredAt,
    sampledAt: context.sampledAt,
    finishedAt,
  };
}
