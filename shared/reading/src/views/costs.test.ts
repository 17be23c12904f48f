import { expect, test } from 'vitest';
import { materialOf, sampleCampaign } from '../testing/index.ts';
import type { MeasuredCost, TrainingAttempt } from '../training-attempts.ts';
import { costsOf } from './costs.ts';
import { spentBy } from './spent.ts';

const sample = sampleCampaign({ candidates: 18, wanted: 20 });
const material = materialOf(sample);
const measured = material.candidates.find(({ outcome }) => outcome === 'completed');
const failed = material.candidates.find(({ outcome }) => outcome === 'failed');
const underWay = material.inflight[0];
if (!measured || !failed || !underWay) throw new Error('the sample has these');
const end = Date.parse(failed.finishedAt);
const at = (seconds: number) => end + seconds * 1000;
const never = (attempt: number, startedAt: number): TrainingAttempt => ({
  attempt,
  startedAt: at(startedAt),
  end: null,
});
const lost = (attempt: number, startedAt: number, reportedAt: number, seconds: number | null): TrainingAttempt => ({
  attempt,
  startedAt: at(startedAt),
  end: { kind: 'failed', code: 'runner-lost', reportedAt: at(reportedAt), seconds },
});
const cost: MeasuredCost = { cpuSeconds: 83, startUpSeconds: 2, workSeconds: 40 };
const trained = (attempt: number, startedAt: number): TrainingAttempt => ({
  attempt,
  startedAt: at(startedAt),
  end: { kind: 'measured', cost },
});
const costsWith = (trainings: ReadonlyArray<[string, TrainingAttempt[]]>, certificates = new Map<string, number>()) =>
  costsOf(material, { trainings: new Map(trainings), certificates });

test('a training that was lost, tried again, cancelled or failed costs what it took; the measured one is not counted twice', () => {
  const costs = costsWith(
    [
      // Lost after 10 s, failed after 5 s, then measured.
      [measured._id, [never(1, -100), lost(2, -90, -85, null), never(3, -80)]],
      // Nobody reported its end: it ended with the experiment.
      [failed._id, [never(1, -7)]],
      ['c009-0001', [never(1, -50)]],
    ],
    new Map([[measured.design?.certificateHash ?? '', 3]]),
  );
  expect(costs.candidates.unmeasured).toEqual({ trainings: 3, seconds: 22, atMost: true });
  expect(costs.candidates.certificates).toMatchObject({ certificates: 1, cpuSeconds: 3 });
  const { cpuSeconds } = costsWith([]).total;
  expect(costs.total).toMatchObject({ cpuSeconds, atMost: true });
  expect(costs.total.spentSeconds).toBeCloseTo(cpuSeconds + 22 + 3, 9);
  const completed = material.candidates.filter(({ outcome }) => outcome === 'completed').length;
  expect(costs.spentSecondsPerCompletedCandidate).toBeCloseTo((cpuSeconds + 22 + 3) / completed, 9);
  expect(costs.cpuSecondsPerCompletedCandidate).toBeCloseTo((cpuSeconds + 3) / completed, 9);
});

test('the night in which the laboratory was off is no time that a lost training ran', () => {
  const night = 9 * 3600;
  const { unmeasured, atMost } = costsWith([[measured._id, [lost(1, -night, -50, 12.5), trained(2, -49)]]]).total;
  expect(unmeasured).toEqual({ trainings: 1, seconds: 12.5, atMost: false });
  expect(atMost).toBe(false);
});

test('what is measured is counted at once, long before the experiment settles; a training under way is not', () => {
  const before = costsWith([]);
  const after = costsWith([[underWay._id, [lost(1, -30, -20, 10), trained(2, -19)]]]);
  expect(after.candidates.underWay).toBe(material.inflight.length);
  expect(after.candidates.experiments).toBe(before.candidates.experiments);
  expect(after.candidates.measured - before.candidates.measured).toBe(1);
  expect(after.candidates.cpuSeconds - before.candidates.cpuSeconds).toBeCloseTo(83, 9);
  expect(after.candidates.workSeconds - before.candidates.workSeconds).toBeCloseTo(40, 9);
  expect(after.total.spentSeconds - before.total.spentSeconds).toBeCloseTo(93, 9);
  expect(costsWith([[underWay._id, [never(1, -30)]]])).toEqual(before);
});

test('an experiment that is seen finished and under way at once is paid once', () => {
  const twice = { ...material, inflight: [...material.inflight, { ...underWay, _id: measured._id }] };
  const spending = { trainings: new Map([[measured._id as string, [trained(1, -49)]]]), certificates: new Map() };
  expect(costsOf(twice, spending)).toEqual(costsOf(material, spending));
});

test('one experiment tells of every attempt and what it cost, and adds up as the campaign does', () => {
  const trainings = [lost(1, -100, -50, 12), never(2, -49), trained(3, -40)];
  const hash = measured.design?.certificateHash ?? '';
  const spent = spentBy(
    measured,
    {
      trainings: new Map([[measured._id, trainings]]),
      certificates: new Map([[hash, 3]]),
    },
    material.campaign.settings,
  );
  expect(spent.trainings).toMatchObject([
    { attempt: 1, end: 'without-result', code: 'runner-lost', seconds: 12, atMost: false },
    { attempt: 2, end: 'without-result', code: null, seconds: 9, atMost: true },
    { attempt: 3, end: 'measured', cpuSeconds: 83, seconds: 42 },
  ]);
  expect(spent).toMatchObject({ seconds: 12 + 9 + 83 + 3, atMost: true, certificateCpuSeconds: 3 });
});
