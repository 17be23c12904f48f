import { seededRandom } from '@asi/contracts';
import { expect, test } from 'vitest';
import { materialOf, sampleCampaign, withConfirmation } from '../testing/index.ts';
import { freshPairsOf } from './fresh-pairs.ts';
import { partsInConfirmations } from './part-in-confirmation.ts';

const deltaNet = { recall: 0.72, parity: 0.55, languageModelLoss: 1.62 };
const better = { recall: 0.85, parity: 0.7, languageModelLoss: 1.54 };
const sample = sampleCampaign({ candidates: 12, wanted: 12, state: 'finished' });
const confirmed = materialOf(withConfirmation(sample, { candidate: better, deltaNet }, seededRandom('better')));
const [whole] = freshPairsOf(confirmed);
const counted = whole?.pairs.filter(({ counts }) => counts) ?? [];

test('the effect of a confirmation is the mean of the differences of the pairs that are said to count', () => {
  expect(counted.length).toBe(whole?.result.pairs);
  const differences = counted.map(({ against }) => against[0]?.difference ?? Number.NaN);
  const mean = differences.reduce((sum, one) => sum + one, 0) / differences.length;
  expect(mean).toBeCloseTo(whole?.result.differences[0]?.effect ?? Number.NaN, 12);
});

test('every run that was made is named with its seed and the look that first counts it, and none that was not', () => {
  expect(whole?.pairs[0]).toMatchObject({
    seed: 101,
    look: 3,
    candidate: { id: expect.stringMatching(/^c001-f-\d{4}-101$/), state: 'completed' },
    against: [{ relation: 'baseline', id: 'delta-net', run: { id: 'c001-f-delta-net-101', state: 'completed' } }],
  });
  expect(whole?.pairs.map(({ look }) => look)).toEqual([3, 3, 3, 5, 5, 8, 8, 8]);
  const early = confirmed.confirmationRuns.filter(({ seed }) => seed <= 103);
  const [givenUp] = freshPairsOf({ ...confirmed, confirmationRuns: early });
  expect(givenUp?.result.seeds).toHaveLength(8);
  expect(givenUp?.pairs.map(({ seed }) => seed)).toEqual([101, 102, 103]);
});

test('a run that shows nothing gives its pair no difference, and one that is missing leaves its partner named', () => {
  const runs = confirmed.confirmationRuns.flatMap((one) => {
    if (one._id === 'c001-f-delta-net-101') return [];
    const isSuspect = one._id === 'c001-f-delta-net-102' && one.measurement;
    return isSuspect ? [{ ...one, measurement: { ...isSuspect, suspectLeak: 'noisy-recall: x' } }] : [one];
  });
  const pairs = freshPairsOf({ ...confirmed, confirmationRuns: runs })[0]?.pairs;
  expect(pairs?.[0]).toMatchObject({ counts: false, against: [{ run: null, difference: null }] });
  expect(pairs?.[0]?.candidate?.merit).toBeGreaterThan(0);
  expect(pairs?.[1]?.against[0]).toMatchObject({ run: { merit: null }, difference: null });
});

test('a run tells which confirmation it was made for, and as what', () => {
  const { confirmations } = confirmed.campaign;
  const candidateId = confirmations[0]?.candidateId;
  const common = { candidateId, order: 1 };
  expect(partsInConfirmations('c001-f-delta-net-104', confirmations)).toEqual([
    { ...common, relation: 'baseline', of: 'delta-net', look: 5 },
  ]);
  expect(partsInConfirmations(`${confirmations[0]?.runs[7]}`, confirmations)).toEqual([
    { ...common, relation: 'candidate', of: candidateId, look: 8 },
  ]);
  expect(partsInConfirmations('c001-0001', confirmations)).toEqual([]);
});
