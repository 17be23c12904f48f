import type { CampaignRecord, ExperimentRecord } from '@asi/contracts';
import { expect, test } from 'vitest';
import { materialOf, sampleCampaign } from '../testing/index.ts';
import { historyOf } from './best-so-far.ts';
import { contributionsOf } from './contributions.ts';
import { costsOf } from './costs.ts';
import { failuresOf } from './failures.ts';
import { leaderboardOf } from './leaderboard.ts';
import { oldGroundOf } from './old-ground.ts';
import { progressOf } from './progress.ts';
import { treeOf } from './tree.ts';

const sample = sampleCampaign({ candidates: 18, wanted: 20 });
const material = materialOf(sample);
const unspent = { trainings: new Map(), certificates: new Map() };
const last = new Date(Math.max(...sample.experiments.map((one) => Date.parse(one.finishedAt))));

test('the leaderboard has each completed candidate once and each baseline once, best fitness first', () => {
  const { rows } = leaderboardOf(material);
  const completed = material.candidates.filter(({ outcome }) => outcome === 'completed');
  expect(
    rows
      .filter(({ kind }) => kind === 'candidate')
      .map(({ id }) => id)
      .sort(),
  ).toEqual(completed.map(({ _id }) => _id).sort());
  expect(
    rows
      .filter(({ kind }) => kind === 'baseline')
      .map(({ name }) => name)
      .sort(),
  ).toEqual(sample.campaign.settings.baselines.map(({ name }) => name).sort());
  const scores = rows.map(({ fitness }) => fitness ?? -1);
  expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  expect(rows.map(({ rank }) => rank)).toEqual(rows.map((_, index) => index + 1));
});

test("a baseline's row is the mean over its seeds, and its noise is smaller by the root of their number", () => {
  const { rows, noise } = leaderboardOf(material);
  const row = rows.find(({ name }) => name === 'delta-net');
  const runs = material.baselines.filter(({ baseline }) => baseline === 'delta-net');
  expect(row?.battery).toBeCloseTo(
    runs.reduce((sum, run) => sum + (run.measurement?.battery ?? 0), 0) / runs.length,
    12,
  );
  expect(row?.noise?.merit).toBeCloseTo((noise?.merit ?? 0) / Math.sqrt(3), 12);
  expect(row?.difference).toBeNull();
});

test('few and noisy seeds give no deviation and no interval that merit, which ends at 0 and 1, cannot have', () => {
  const noisy = structuredClone(sample);
  if (!noisy.campaign.reference) throw new Error('the sample has a reference');
  Object.assign(noisy.campaign.reference.noise, { merit: 0.7, battery: 0.6, degreesOfFreedom: 1 });
  for (const [index, one] of noisy.experiments.entries()) if (one.judgement) one.judgement.total = 1 + 36 * (index % 2);
  const { rows, noise } = leaderboardOf(materialOf(noisy));
  expect([noise?.merit, noise?.battery, noise?.fitness]).toEqual([0.5, 0.5, 0.5]);
  for (const { kind, noise: own, difference } of rows) {
    if (kind === 'candidate') expect(own).toMatchObject({ merit: 0.5, battery: 0.5, fitness: 0.5 });
    if (difference) expect([difference.low, difference.high]).toEqual([-1, 1]);
  }
  expect(progressOf(materialOf(noisy), last).noise).toMatch(/^±0\.500 merit/);
  for (const { low, high } of contributionsOf(materialOf(noisy)).effects) {
    expect(low).toBeGreaterThanOrEqual(-1);
    expect(high).toBeLessThanOrEqual(1);
  }
});

test('effects of components rest on every measurement that compares, each once, and on nothing that came to no result', () => {
  const candidates = material.candidates.filter(({ outcome }) => outcome === 'completed');
  const described = material.baselines.filter(({ baseline }) => baseline !== 'softmax-attention');
  const { measured, others, effects } = contributionsOf(material);
  expect([measured, others]).toEqual([candidates.length, described.length]);
  expect(effects.length).toBeGreaterThan(0);
  const earlier = { ...candidates[0], _id: 'c000-0001', campaignNumber: 0 } as ExperimentRecord;
  const further = contributionsOf({ ...material, earlier: [...material.baselines, earlier] });
  expect([further.measured, further.others]).toEqual([measured, others + 1]);
  const cancelled = material.candidates.map((one) => ({ ...one, outcome: 'cancelled' as const }));
  expect(contributionsOf({ ...material, candidates: cancelled }).measured).toBe(0);
  const before = { ...material.campaign, reference: null };
  expect(contributionsOf({ ...material, campaign: before }).effects).toEqual([]);
});

test('a diverged loss stands on the leaderboard as NaN and does not disturb the order', () => {
  const broken = structuredClone(sample);
  const victim = broken.experiments.find(({ kind, outcome }) => kind === 'candidate' && outcome === 'completed');
  if (!victim?.measurement) throw new Error('the sample has completed candidates');
  victim.measurement.languageModelLoss = Number.NaN;
  const { rows } = leaderboardOf(materialOf(broken));
  expect(rows.find(({ id }) => id === victim._id)?.languageModelLoss).toBeNaN();
  expect(rows.map(({ id }) => id)).toEqual(leaderboardOf(material).rows.map(({ id }) => id));
});

test('before the baselines are measured nothing is compared and no noise is claimed', () => {
  const early = { ...material, campaign: { ...sample.campaign, reference: null } };
  const board = leaderboardOf(early);
  expect(board.noise).toBeNull();
  for (const row of board.rows) expect([row.noise, row.difference]).toEqual([null, null]);
  expect(progressOf(early, last).noise).toBeNull();
});

test('what the certificate held against a program stands in its row, and where nobody knows that is not none', () => {
  const { rows } = leaderboardOf(material);
  const flagged = material.candidates.find(({ outcome, design }) => outcome === 'completed' && design?.flags?.length);
  const flagsOf = (id: string | undefined, all = rows) => all.find((row) => row.id === id)?.flags;
  expect(flagsOf(flagged?._id)).toEqual(['state hygiene']);
  expect(rows.some(({ flags }) => flags?.length === 0)).toBe(true);
  for (const { kind, flags } of rows) if (kind === 'baseline') expect(flags).toBeNull();
  const older = material.candidates.map((one) => ({
    ...one,
    design: one.design && { ...one.design, flags: undefined },
  }));
  expect(flagsOf(flagged?._id, leaderboardOf({ ...material, candidates: older }).rows)).toBeNull();
});

test('what is rejected, failed or cancelled is counted, listed with its reason, and not on the leaderboard', () => {
  const failures = failuresOf(material);
  const { rows } = leaderboardOf(material);
  const { candidates } = progressOf(material, last);
  expect(failures).toHaveLength(candidates.rejected + candidates.failed + candidates.cancelled);
  for (const failure of failures) {
    expect(failure.message).not.toBe('');
    expect(rows.some(({ id }) => id === failure.id)).toBe(false);
  }
});

test('an experiment that is seen finished and under way at once is counted once', () => {
  const twice = sample.inflight[0];
  const finished = material.candidates[0];
  if (!twice || !finished) throw new Error('the sample has both');
  const overlapping = { ...material, inflight: [...material.inflight, { ...twice, _id: finished._id }] };
  expect(progressOf(overlapping, last).inFlight).toEqual(progressOf(material, last).inFlight);
});

test('time left is the pace of work times what is left; a pause overnight does not count as work', () => {
  const paused = structuredClone(sample);
  const hours = 9 * 3600_000;
  for (const one of paused.experiments) {
    if ((one.ordinal ?? 0) > 12) one.finishedAt = new Date(Date.parse(one.finishedAt) + hours).toISOString();
  }
  const undisturbed = progressOf(material, last);
  const resumed = progressOf(materialOf(paused), new Date(last.getTime() + hours));
  expect(undisturbed.secondsLeft).toBeGreaterThan(30);
  expect(resumed.secondsLeft ?? 0).toBeLessThan(2 * (undisturbed.secondsLeft ?? 0));
});

test('a further campaign says how long it takes from its beginning, by the pace of the one whose baselines it reuses', () => {
  const campaign = { ...sample.campaign, _id: 'c002' as CampaignRecord['_id'], state: 'running' as const };
  const fresh = { ...material, campaign, candidates: [], confirmationRuns: [], inflight: [] };
  expect(fresh.baselines.length).toBeGreaterThan(2);
  expect(progressOf(fresh, last).secondsLeft).toBeGreaterThan(0);
  expect(progressOf({ ...fresh, baselines: [] }, last).secondsLeft).toBeNull();
});

test('a campaign whose time is up waits for what is under way, and for no further candidate', () => {
  const campaign = structuredClone(sample.campaign);
  campaign.settings.budget.minutes = 1000;
  const limited = (minutes: number) => {
    campaign.settings.budget.minutes = minutes;
    return progressOf({ ...material, campaign }, last).secondsLeft;
  };
  expect(limited(1)).toBeGreaterThan(0);
  expect(limited(1)).toBeLessThan(limited(100_000) ?? 0);
  expect(limited(100_000)).toBe(progressOf(material, last).secondsLeft);
});

test('the best so far never falls, and is what it is called', () => {
  const { points } = historyOf(material);
  for (const [index, point] of points.entries()) {
    const seen = points.slice(0, index + 1).map(({ fitness }) => fitness ?? -1);
    expect(point.best).toBe(Math.max(...seen));
  }
});

test('every node of the tree hangs under a node of the tree, parents first, ancestors of earlier campaigns included', () => {
  const next = sampleCampaign({ number: 2, candidates: 3, underWay: 2, seed: 'second' });
  const ancestor = material.candidates.find(({ outcome, parentId }) => outcome === 'completed' && parentId !== null);
  const first = next.experiments.find(({ ordinal }) => ordinal === 1);
  if (!ancestor || !first) throw new Error('the samples have these');
  first.parentId = ancestor._id;
  const { nodes } = treeOf({
    ...materialOf(next),
    earlier: material.candidates.filter(({ outcome }) => outcome === 'completed'),
  });
  const seen = new Set<string>();
  for (const node of nodes) {
    if (node.parentId !== null) expect(seen).toContain(node.parentId);
    expect(seen).not.toContain(node.id);
    seen.add(node.id);
  }
  expect(seen).toContain(ancestor._id);
  expect(nodes.filter(({ campaignId, kind }) => campaignId === 'c002' && kind === 'candidate')).toHaveLength(5);
});

test('what stands in one tree is on one scale: an ancestor of an earlier campaign as this one places it', () => {
  const next = sampleCampaign({ number: 2, candidates: 3, seed: 'second' });
  const ancestor = material.candidates.find(({ outcome }) => outcome === 'completed');
  const child = next.experiments.find(({ ordinal }) => ordinal === 1);
  const { reference } = next.campaign;
  if (!ancestor?.measurement || !child || !reference) throw new Error('the samples have these');
  child.parentId = ancestor._id;
  reference.baseline = { ...reference.baseline, ...ancestor.measurement };
  const { nodes } = treeOf({ ...materialOf(next), earlier: [ancestor] });
  expect(ancestor.fitness?.merit).not.toBeCloseTo(0.5, 3);
  expect(nodes.find(({ id }) => id === ancestor._id)?.merit).toBeCloseTo(0.5, 12);
});

test('the tree says of each design which soft tests of its certificate its program failed', () => {
  const campaign = sampleCampaign({ candidates: 2, underWay: 0 });
  const [flagged, clean] = campaign.experiments.filter(({ kind }) => kind === 'candidate');
  if (!flagged?.design || !clean?.design) throw new Error('the sample has two designs');
  Object.assign(flagged.design, { flags: ['stale values'] });
  const { nodes } = treeOf(materialOf(campaign));
  const flagsOf = (id: string) => nodes.find((node) => node.id === id)?.flags;
  expect(flagsOf(flagged._id)).toEqual(['stale values']);
  expect(flagsOf(clean._id)).toEqual(clean.design.flags ?? null);
});

test('a design keeps its parent where that is a baseline which this campaign does not compare with', () => {
  const next = sampleCampaign({ number: 2, candidates: 1, underWay: 0, seed: 'second' });
  const parent = material.baselines.find(({ baseline }) => baseline === 'mamba2');
  const child = next.experiments.find(({ ordinal }) => ordinal === 1);
  if (!parent || !child) throw new Error('the samples have these');
  child.parentId = parent._id;
  const own = materialOf(next);
  const others = own.baselines.filter(({ baseline }) => baseline !== 'mamba2');
  const { nodes } = treeOf({ ...own, baselines: others, earlier: [parent] });
  const at = nodes.findIndex(({ id }) => id === parent._id);
  expect(nodes[at]).toMatchObject({ kind: 'baseline', name: parent.name, parentId: null, fitness: null });
  expect(nodes.findIndex(({ id }) => id === child._id)).toBeGreaterThan(at);
  expect(nodes.find(({ id }) => id === child._id)).toMatchObject({ parentId: parent._id, depth: 1 });
});

test('a design keeps its parent where that is a baseline run which a person cancelled, and another run stands for it', () => {
  const campaign = sampleCampaign({ candidates: 1, underWay: 0 });
  const runs = campaign.experiments.filter(({ baseline }) => baseline === 'delta-net');
  const child = campaign.experiments.find(({ ordinal }) => ordinal === 1);
  const [cancelled, other] = runs;
  if (!cancelled || !other || !child) throw new Error('the sample has these');
  child.parentId = cancelled._id;
  Object.assign(cancelled, { outcome: 'cancelled', measurement: null, judgement: null, fitness: null });
  const parentOf = () => treeOf(materialOf(campaign)).nodes.find(({ id }) => id === child._id)?.parentId;
  expect(parentOf()).toBe(other._id);
  for (const run of runs) Object.assign(run, { outcome: 'cancelled', measurement: null });
  expect(parentOf()).toBe(cancelled._id);
});

test('a second campaign that reuses baselines pays nothing for them, and is no further for having them', () => {
  const next = sampleCampaign({ number: 2, candidates: 3, seed: 'second' });
  const reused = { ...materialOf(next), baselines: material.baselines };
  const { baselines, candidates, work } = progressOf(reused, last);
  expect(baselines).toMatchObject({ completed: 13, reused: 13 });
  expect(work).toEqual({ completed: candidates.completed, wanted: candidates.wanted });
  expect(costsOf(reused, unspent).baselines).toMatchObject({ experiments: 0, cpuSeconds: 0 });
  expect(costsOf(reused, unspent).total.experiments).toBe(3);
});

test('twins and illegal draws are counted of designs and of what was given up: the sums would else contradict the reasons of rejections', () => {
  const designed = material.candidates.filter(({ design }) => design);
  const one = (index: number, correlation: number | null) => {
    const record = designed[index];
    if (!record?.design) throw new Error('the sample has designs');
    const nearest = correlation === null ? null : { id: 'c001-0001', correlation };
    return { ...record, design: { ...record.design, twinsAvoided: index, certificateFailures: 1, nearest } };
  };
  const rejected = material.candidates.find(({ design, outcome }) => !design && outcome === 'rejected');
  if (!rejected) throw new Error('the sample has a rejected candidate');
  const reason = { code: 'certificate-causality', message: '3 drafts: 1 twin, 2 illegal', evidenceHash: null };
  const illegal = { ...rejected, reason, thrownAway: { twinsAvoided: 1, certificateFailures: 2 } };
  const failed = { ...illegal, outcome: 'failed' as const, thrownAway: { twinsAvoided: 0, certificateFailures: 1 } };
  const { thrownAway: _, ...older } = rejected;
  const groundOf = (correlations: (number | null)[], ...without: ExperimentRecord[]) =>
    oldGroundOf({ ...material, candidates: [...correlations.map((value, index) => one(index, value)), ...without] });
  expect(groundOf([null, 0.2, 0.999], illegal, failed, older)).toEqual({
    ...{ draws: 9 + 3 + 1, twins: 3 + 1, illegal: 3 + 2 + 1, designs: 3, givenUp: 2, drawsNotKnown: 1 },
    ...{ compared: 2, nearlyTheSame: 1, medianCorrelation: (0.2 + 0.999) / 2 },
  });
  expect(groundOf([null, 0.4, 0.1, 0.3]).medianCorrelation).toBe(0.3);
  expect(groundOf([null])).toMatchObject({ compared: 0, medianCorrelation: null, givenUp: 0, drawsNotKnown: 0 });
});
