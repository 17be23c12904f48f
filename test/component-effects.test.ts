import {
  catalogue,
  componentsOfBaseline,
  type ExperimentRecord,
  meritScaleOf,
  type ReplyOf,
  type RequestOf,
} from '@asi/contracts';
import { materialOf, sampleCampaign } from '@asi/reading/testing';
import { componentEffects } from '@asi/statistics';
import { expect, test } from 'vitest';
import { createTreeStatistics } from '../agents/analyst/src/tree-statistics.ts';
import { createTree } from '../services/archive/src/tree/tree.ts';
import { contributionsOf } from '../shared/reading/src/views/contributions.ts';

const settled = (record: ExperimentRecord) => {
  const { measurement, design, baseline, _id, ...rest } = record;
  return catalogue.settled.data.parse({
    ...rest,
    experimentId: _id,
    components: design?.components ?? componentsOfBaseline(baseline),
    measured: measurement,
  });
};

test('report and dashboard estimate what the next design would be told: archive, analyst and reading hold one rule of what is known', async () => {
  const first = sampleCampaign({ number: 1, candidates: 14 });
  const second = sampleCampaign({ number: 2, candidates: 9, seed: 'second' });
  const { campaign } = second;
  if (!campaign.reference || !first.campaign.reference) throw new Error('the samples have references');
  // Two campaigns that place the same measurement differently.
  campaign.reference.band = { loss: 3 * campaign.reference.band.loss, battery: campaign.reference.band.battery / 2 };
  const all = [...first.experiments, ...second.experiments].map((one) => ({ ...one, yardstick: campaign.yardstick }));
  const tree = createTree();
  for (const one of all) tree.add(settled(one));
  const archive = async (_name: string, question: RequestOf<'treeRows'>): Promise<ReplyOf<'treeRows'>> => {
    const { skip, limit, arm = null, ...at } = question;
    return { ready: true, ...tree.page({ ...at, arm: arm as null }, skip, limit) };
  };
  const statistics = createTreeStatistics({ request: archive } as unknown as Parameters<
    typeof createTreeStatistics
  >[0]);
  const scale = meritScaleOf(campaign.reference);
  const place = { yardstick: campaign.yardstick, campaignNumber: 2, horizon: 99, arm: null, scale };
  const told = componentEffects(await statistics.at(place, new AbortController().signal), scale);

  const own = all.filter(({ campaignNumber }) => campaignNumber === 2);
  const earlier = all.filter(({ campaignNumber, outcome }) => campaignNumber === 1 && outcome === 'completed');
  const { effects } = contributionsOf({ ...materialOf({ ...second, experiments: own }), earlier });
  expect(told.length).toBeGreaterThan(3);
  expect(effects.map(({ component, experiments }) => [component, experiments]).sort()).toEqual(
    told.map(({ component, experiments }) => [component, experiments]).sort(),
  );
  for (const one of told)
    expect(effects.find(({ component }) => component === one.component)?.effect).toBeCloseTo(one.effect, 5);
});
