import type { Reference } from '@asi/contracts';
import { fitnessOf } from '@asi/statistics';
import type { AssessmentMaterial, ExperimentContext } from '../experiment/context.ts';
import type { Knowledge } from '../knowledge.ts';

const siblingsShown = 4;

/** What judge and analyst are shown, limited to what the candidate could know when it was sampled: so the order of results changes nothing. */
export function materialFor(
  context: ExperimentContext,
  reference: Reference,
  knowledge: Knowledge,
): AssessmentMaterial {
  if (!context.measurement) throw new Error(`${context.experimentId} is not measured`);
  const { objective } = context.terms;
  const { campaignNumber, yardstick, horizon, arm } = context;
  const at = { campaignNumber, yardstick, horizon, arm: arm ?? null };
  const entry = (id: string | null) => knowledge.entryAt(id, at, reference, objective);
  const parentId = context.parent?.experimentId ?? null;
  const remembered = parentId ? knowledge.get(parentId) : undefined;
  const grandparent = entry(remembered?.parentId ?? null);
  const anchor = context.baselines?.find(({ name }) => name === reference.baseline.name);
  return {
    reference,
    fitness: fitnessOf(context.measurement, reference, null, objective),
    parent: entry(parentId) ?? context.parent,
    grandparent: grandparent && {
      ...grandparent,
      programHash: grandparent.programHash ?? remembered?.parentProgramHash ?? null,
    },
    ...(anchor ? { anchor: entry(anchor.experimentId) } : {}),
    siblings: parentId ? knowledge.siblingsOf(parentId, at, reference, objective, siblingsShown) : [],
  };
}
