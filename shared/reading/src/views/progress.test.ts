import { experimentIdSchema } from '@asi/contracts';
import { expect, test } from 'vitest';
import { materialOf, sampleCampaign } from '../testing/index.ts';
import { progressOf } from './progress.ts';

const now = new Date('2026-01-15T10:00:00.000Z');

/** The sample with its first baseline run cancelled by a person. */
function withCancelledBaseline() {
  const sample = sampleCampaign({ candidates: 2, wanted: 2, state: 'finished' });
  const [first] = sample.experiments;
  if (!first) throw new Error('the sample has baselines');
  Object.assign(first, { outcome: 'cancelled', measurement: null, judgement: null, fitness: null });
  return { sample, first };
}

test('a campaign with a cancelled baseline does not wait for it for ever: all the runs that can come are there', () => {
  const whole = progressOf(materialOf(sampleCampaign({ candidates: 2, wanted: 2, state: 'finished' })), now);
  const { baselines, work } = progressOf(materialOf(withCancelledBaseline().sample), now);
  expect(whole.baselines).toMatchObject({ withoutResult: 0, completed: whole.baselines.wanted });
  expect(baselines).toMatchObject({ withoutResult: 1, completed: baselines.wanted });
  expect(baselines.wanted).toBe(whole.baselines.wanted - 1);
  expect(work).toEqual({ wanted: whole.work.wanted - 1, completed: whole.work.completed - 1 });
});

test('a baseline that is trained again is waited for, whatever became of its first run', () => {
  const { sample, first } = withCancelledBaseline();
  const again = experimentIdSchema.parse('c001-b99');
  sample.campaign.baselineIds = sample.campaign.baselineIds.map((id) => (id === first._id ? again : id));
  const { baselines } = progressOf(materialOf(sample), now);
  expect(baselines).toMatchObject({ withoutResult: 0, completed: baselines.wanted - 1 });
});
