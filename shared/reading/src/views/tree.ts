import type { CampaignRecord, ExperimentRecord, Fitness } from '@asi/contracts';
import { fitnessOf } from '@asi/statistics';
import { z } from 'zod';
import { leaderboardOf } from './leaderboard.ts';
import type { Material } from './material.ts';

export const treeNodeSchema = z.object({
  id: z.string().describe('the experiment; of a baseline its first run'),
  parentId: z.string().nullable().describe('a node of the same tree, or null for roots'),
  kind: z.enum(['baseline', 'candidate']).describe('what it is'),
  name: z.string().describe('of the design'),
  campaignId: z.string().describe('the campaign that it was made in: ancestors may be of an earlier one'),
  ordinal: z.number().int().nullable().describe('place in the order of sampling in its campaign; null for baselines'),
  arm: z.string().nullable().describe('of its campaign; null where it is not split, and of baselines'),
  state: z.string().describe('completed, rejected, failed, cancelled, or the state of one under way'),
  fitness: z
    .number()
    .nullable()
    .describe(
      'null without a measurement; counts only where the state is completed; of another campaign what was measured is on the scale of this one and what the judge gave stays; null of its baselines',
    ),
  merit: z.number().nullable().describe('as fitness'),
  flags: z
    .array(z.string())
    .nullable()
    .describe('soft tests of the certificate that its program failed; null where that is not known (leaderboard.rows)'),
  depth: z.number().int().describe('steps from its root'),
});
export type TreeNode = z.infer<typeof treeNodeSchema>;
export const treeSchema = z.object({
  campaignId: z.string().describe('the campaign that is shown'),
  nodes: z
    .array(treeNodeSchema)
    .describe('its candidates, their ancestors of earlier campaigns, and the baselines; parents first'),
});
export type Tree = z.infer<typeof treeSchema>;

/** Campaigns place the same measurement differently: what is shown together is on one scale, as the director had it when it sampled. */
const fitnessIn = ({ _id, reference, settings }: CampaignRecord, record: ExperimentRecord): Fitness | null => {
  if (record.campaignId === _id || !reference || !record.measurement) return record.fitness;
  return fitnessOf(record.measurement, reference, record.judgement, settings.objective);
};

/** The campaign's candidates under their ancestors (of earlier campaigns too); each baseline stands once. Parents come before children. */
export function treeOf(material: Material): Tree {
  const { campaign, candidates, baselines, inflight, earlier } = material;
  const nodes = new Map<string, TreeNode>();
  const aliases = new Map<string, string>();
  for (const row of leaderboardOf(material).rows.filter(({ kind }) => kind === 'baseline')) {
    const { id, name, fitness, merit } = row;
    // Also a run that ended without a result: designs may have been made from the program before that was known.
    for (const run of baselines) if ((run.baseline ?? run.name) === name) aliases.set(run._id, id);
    const first = baselines.find((one) => one._id === id);
    const campaignId = first?.campaignId ?? campaign._id;
    nodes.set(id, {
      id,
      parentId: null,
      kind: 'baseline',
      name,
      campaignId,
      ordinal: null,
      arm: null,
      state: 'completed',
      fitness,
      merit,
      flags: null,
      depth: 0,
    });
  }
  const known = new Map([...earlier, ...baselines, ...candidates].map((one) => [one._id as string, one]));
  const add = (record: ExperimentRecord): TreeNode => {
    const present = nodes.get(record._id);
    if (present) return present;
    const parent = parentNode(record.parentId);
    const isBaseline = record.kind === 'baseline';
    const fitness = fitnessIn(campaign, record);
    const node: TreeNode = {
      id: record._id,
      parentId: parent?.id ?? null,
      kind: isBaseline ? 'baseline' : 'candidate',
      name: record.name,
      campaignId: record.campaignId,
      ordinal: record.ordinal,
      arm: record.arm,
      state: record.outcome,
      // A baseline that this campaign does not compare with has none.
      fitness: isBaseline ? null : (fitness?.total ?? null),
      merit: isBaseline ? null : (fitness?.merit ?? null),
      flags: record.design?.flags ?? null,
      depth: parent ? parent.depth + 1 : 0,
    };
    nodes.set(node.id, node);
    return node;
  };
  const parentNode = (id: string | null): TreeNode | null => {
    if (id === null) return null;
    const record = known.get(id);
    return nodes.get(aliases.get(id) ?? id) ?? (record ? add(record) : null);
  };
  for (const one of candidates) add(one);
  for (const { _id, view } of inflight) {
    if (view.kind !== 'candidate' || nodes.has(_id)) continue;
    const parent = parentNode(view.parentId);
    nodes.set(_id, {
      id: _id,
      parentId: parent?.id ?? null,
      kind: 'candidate',
      name: view.name,
      campaignId: view.campaignId,
      ordinal: view.ordinal,
      arm: view.arm,
      state: view.state,
      fitness: null,
      merit: null,
      flags: null,
      depth: parent ? parent.depth + 1 : 0,
    });
  }
  return { campaignId: campaign._id, nodes: [...nodes.values()] };
}
