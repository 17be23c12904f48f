import { type ConfirmationResult, confirmationSchema, seededRandom } from '@asi/contracts';
import { expect, test } from 'vitest';
import { materialOf, sampleCampaign, withConfirmation } from '../testing/index.ts';
import { confirmationByCandidate, confirmationsOf } from './confirmations.ts';
import { costsOf } from './costs.ts';
import { endedIdsOf } from './ended-ids.ts';
import { isNotShownAgain, leaderboardOf } from './leaderboard.ts';
import { noiseOf } from './noise.ts';
import { progressOf } from './progress.ts';

const deltaNet = { recall: 0.72, parity: 0.55, languageModelLoss: 1.62 };
const better = { recall: 0.85, parity: 0.7, languageModelLoss: 1.54 };
const sample = sampleCampaign({ candidates: 12, wanted: 12, state: 'finished' });
const confirmed = materialOf(withConfirmation(sample, { candidate: better, deltaNet }, seededRandom('better')));
const lucky = materialOf(withConfirmation(sample, { candidate: deltaNet, deltaNet }, seededRandom('equal')));

test('the leaderboard calls confirmed what fresh seeds found better, and not what was only lucky', () => {
  const rowOf = (material: typeof confirmed) => leaderboardOf(material).rows.find((row) => row.confirmation);
  expect(rowOf(confirmed)).toMatchObject({ status: 'confirmed', provisional: false });
  expect(rowOf(lucky)).toMatchObject({ provisional: true });
  expect(rowOf(lucky)?.status).not.toBe('confirmed');
  for (const row of leaderboardOf(confirmed).rows.filter(({ confirmation }) => !confirmation))
    expect(row.status).toBe(row.kind === 'baseline' ? 'baseline' : 'provisional');
});

test('a candidate that was not confirmed is no longer called better for the run that it was chosen for', () => {
  const id = confirmationsOf(lucky)[0]?.candidateId;
  const candidates = lucky.candidates.map((one) =>
    one._id === id && one.fitness ? { ...one, fitness: { ...one.fitness, merit: 1 } } : one,
  );
  const rowOf = (material: typeof lucky) => leaderboardOf(material).rows.find((row) => row.id === id);
  const before = { ...lucky.campaign, confirmations: [] };
  expect(rowOf({ ...lucky, candidates, campaign: before })?.difference).toMatchObject({ verdict: 'better' });
  const row = rowOf({ ...lucky, candidates });
  expect(['refuted', 'not-confirmed']).toContain(row?.status);
  expect(row?.difference).toMatchObject({ verdict: 'inside-noise' });
  expect(row?.difference?.low).toBeGreaterThan(0);
  expect(row?.difference && isNotShownAgain(row.difference)).toBe(true);
  for (const other of leaderboardOf({ ...lucky, candidates }).rows)
    if (other.id !== id && other.difference) expect(isNotShownAgain(other.difference)).toBe(false);
});

test('fresh seeds confirm a number and not that its program is clean: a flagged candidate stays flagged', () => {
  const id = confirmationsOf(confirmed)[0]?.candidateId;
  const candidates = confirmed.candidates.map((one) =>
    one._id === id && one.design ? { ...one, design: { ...one.design, flags: ['uncounted work'] } } : one,
  );
  const row = leaderboardOf({ ...confirmed, candidates }).rows.find((one) => one.id === id);
  expect(row).toMatchObject({ status: 'confirmed', flags: ['uncounted work'] });
});

test('three candidates tell of nothing that a chosen run could be shrunk towards: the fresh pairs speak alone', () => {
  const [effect] = confirmationsOf(confirmed)[0]?.differences ?? [];
  expect(effect?.shrunk).not.toBeNull();
  const id = confirmationsOf(confirmed)[0]?.candidateId;
  const others = confirmed.candidates.filter((one) => one._id !== id && one.outcome === 'completed').slice(0, 2);
  const few = confirmed.candidates.filter((one) => one._id === id || others.includes(one));
  const [alone] = confirmationsOf({ ...confirmed, candidates: few })[0]?.differences ?? [];
  expect(alone).toEqual({ ...effect, shrunk: null });
});

test('what came of a confirmation depends on the stored measurements and on nothing else', () => {
  const [result] = confirmationsOf(confirmed);
  const shuffled = { ...confirmed, confirmationRuns: confirmed.confirmationRuns.toReversed() };
  expect(confirmationsOf(shuffled)).toEqual([result]);
  // Runs that came after its end are not looked at.
  const needed = confirmed.confirmationRuns.filter(({ seed }) => seed < 101 + (result?.pairs ?? 0));
  expect(confirmationsOf({ ...confirmed, confirmationRuns: needed })).toEqual([result]);
  const [unfinished] = confirmationsOf({ ...confirmed, confirmationRuns: needed.slice(0, 2) });
  expect(unfinished).toMatchObject({ status: 'under-way', pairs: 0, differences: [] });
});

test('a confirmation that was recorded before there was a choice of tests keeps the test that decided it, and says so', () => {
  const stored = confirmed.campaign.confirmations.map(({ rule: _, ...before }) => confirmationSchema.parse(before));
  const [result] = confirmationsOf({ ...confirmed, campaign: { ...confirmed.campaign, confirmations: stored } });
  expect(result).toMatchObject({ rule: 'pooled-spread', status: 'confirmed' });
  expect(confirmationsOf(confirmed)[0]).toMatchObject({ rule: 'larger-spread' });
});

test('what has ended includes the runs of confirmations, which no leaderboard lists', () => {
  const { candidates, baselines, confirmationRuns } = confirmed;
  expect(confirmationRuns.length).toBeGreaterThan(0);
  const every = [...candidates, ...baselines, ...confirmationRuns].map(({ _id }) => _id as string);
  expect(endedIdsOf(confirmed)).toEqual(every.sort());
});

test('a run without a result ends it with the reason, and closing it ends it where it is', () => {
  const runs = confirmed.confirmationRuns.map((one, index) =>
    index === 2
      ? {
          ...one,
          outcome: 'failed' as const,
          measurement: null,
          reason: { code: 'diverged', message: 'm', evidenceHash: null },
        }
      : one,
  );
  expect(confirmationsOf({ ...confirmed, confirmationRuns: runs })[0]).toMatchObject({
    status: 'not-confirmed',
    why: 'the training of the candidate with seed 102 gave no result: diverged',
  });
  const confirmations = confirmed.campaign.confirmations.map((one) => ({ ...one, closed: 'time' as const }));
  const closed = { ...confirmed, campaign: { ...confirmed.campaign, confirmations }, confirmationRuns: [] };
  expect(confirmationsOf(closed)[0]).toMatchObject({ status: 'not-confirmed', pairs: 0 });
});

test('a run that seems to look ahead confirms nothing, however good its score', () => {
  const runs = confirmed.confirmationRuns.map((one, index) =>
    index === 2 && one.measurement
      ? { ...one, measurement: { ...one.measurement, suspectLeak: 'noisy-recall: x' } }
      : one,
  );
  expect(confirmationsOf(confirmed)[0]?.status).toBe('confirmed');
  expect(confirmationsOf({ ...confirmed, confirmationRuns: runs })[0]).toMatchObject({
    status: 'not-confirmed',
    why: 'the training of the candidate with seed 102 seems to look ahead: its score shows nothing',
  });
});

test('of several confirmations of a candidate one that confirmed it counts, or else the latest', () => {
  const [good] = confirmationsOf(confirmed);
  const [bad] = confirmationsOf(lucky);
  if (!good || !bad) throw new Error('each sample has one');
  expect(confirmationByCandidate([good, bad]).get(good.candidateId)).toBe(good);
  expect(confirmationByCandidate([bad, { ...bad, order: 2 }]).get(bad.candidateId)?.order).toBe(2);
});

test('a confirmation that was stopped takes nothing back, and leaves a candidate provisional when it saw no seed', () => {
  const [decided] = confirmationsOf(lucky);
  if (!decided) throw new Error('the sample has one');
  const confirmations = lucky.campaign.confirmations.map((one) => ({ ...one, closed: 'cancelled' as const }));
  const cancelled = { ...lucky, campaign: { ...lucky.campaign, confirmations }, confirmationRuns: [] };
  const [unseen] = confirmationsOf(cancelled);
  if (!unseen) throw new Error('the sample has one');
  expect(unseen).toMatchObject({ stopped: 'cancelled', pairs: 0 });
  const row = leaderboardOf(cancelled).rows.find(({ id }) => id === unseen.candidateId);
  expect(row).toMatchObject({ status: 'provisional', confirmation: null });
  const counting = (...results: ConfirmationResult[]) =>
    confirmationByCandidate(results.map((one, index) => ({ ...one, order: index + 1 }))).get(decided.candidateId)
      ?.order;
  expect(counting(decided, unseen)).toBe(1);
  expect(counting(decided, { ...unseen, pairs: 2 })).toBe(1);
  expect(counting({ ...unseen, pairs: 2 }, unseen)).toBe(1);
  expect(counting({ ...unseen, pairs: 2 }, decided)).toBe(2);
});

test('progress and costs count the trainings with fresh seeds', () => {
  const progress = progressOf(confirmed, new Date('2026-01-15T12:00:00.000Z')).confirmations;
  const { pairs } = confirmationsOf(confirmed)[0] ?? { pairs: 0 };
  expect(progress).toMatchObject({ begun: 1, concluded: 1, confirmed: 1, runsWanted: 2 * pairs, runsDone: 2 * pairs });
  const costs = costsOf(confirmed, { trainings: new Map(), certificates: new Map() });
  expect(costs.confirmations.measured).toBe(16);
  expect(costs.total.experiments).toBe(
    costs.baselines.experiments + costs.candidates.experiments + costs.confirmations.experiments,
  );
});

test('the noise is that of the reference, and smaller differences are seen with more seeds', () => {
  const noise = noiseOf(confirmed);
  const { reference } = confirmed.campaign;
  const quantity = (name: string) => noise?.quantities.find((one) => one.name === name);
  expect(quantity('battery')?.deviation).toBeCloseTo(reference?.noise.battery ?? 0, 10);
  expect(quantity('language-model-loss')?.deviation).toBeCloseTo(reference?.noise.languageModelLoss ?? 0, 10);
  expect(quantity('merit')).toMatchObject({ degreesOfFreedom: 8, paired: { degreesOfFreedom: 4 } });
  for (const { oneAgainstOne, pairs } of noise?.quantities ?? []) {
    const effects = [oneAgainstOne, ...pairs.map(({ effect }) => effect)];
    expect(effects).toEqual(effects.toSorted((a, b) => b - a));
  }
  expect(noiseOf({ ...confirmed, campaign: { ...confirmed.campaign, reference: null } })).toBeNull();
});
