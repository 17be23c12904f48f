import { expect, test } from 'vitest';
import { sampleCampaign } from '../testing/sample-campaign.ts';
import { reachedOf } from './reached.ts';

test('what is counted of a campaign is what its progress counts: measured baselines, and candidates with a result', () => {
  const { campaign, experiments, inflight } = sampleCampaign();
  const baselines = experiments.filter(({ kind }) => kind === 'baseline');
  const candidates = experiments.filter(({ kind }) => kind === 'candidate');
  const [first, second, ...others] = inflight;
  if (!first || !second) throw new Error('the sample has two under way');
  const measuredAt = campaign.startedAt;
  const waiting = { ...first, _id: 'c001-b20', view: { ...first.view, kind: 'baseline' as const, measuredAt } };
  const training = { ...second, _id: 'c001-b21', view: { ...second.view, kind: 'baseline' as const } };
  const underWay = [waiting, training, ...others];
  const material = { campaign, candidates, baselines, confirmationRuns: [], inflight: underWay, earlier: [] };
  expect(reachedOf(material)).toEqual({
    candidate: candidates.filter(({ outcome }) => outcome === 'completed').map(({ _id }) => _id),
    baseline: [...baselines.map(({ _id }) => _id), 'c001-b20'],
    confirmation: [],
  });
  expect(candidates.some(({ outcome }) => outcome !== 'completed')).toBe(true);
});
