import type { CampaignSettings, ExperimentRecord, Revision } from '@asi/contracts';
import { expect, test } from 'vitest';
import { certificateHashesIn } from '../certificate-seconds.ts';
import { materialOf, sampleCampaign } from '../testing/index.ts';
import { armsOf } from './arms.ts';
import { costsOf } from './costs.ts';
import { notCountedOf, notCountedSoFarOf } from './not-counted.ts';
import { spentBy } from './spent.ts';

const arms = [{ name: 'mended', minds: { engineer: 'llm' as const } }, { name: 'control' }];
const material = materialOf(sampleCampaign({ candidates: 18, wanted: 20, arms }));
const { settings } = material.campaign;
const found = material.candidates.find(({ design, measurement, arm }) => design && measurement && arm === 'control');
const rejected = material.candidates.find(({ outcome, design }) => outcome === 'rejected' && !design);
if (!found?.design || !found.measurement || !rejected) throw new Error('the sample has these');
const { design, measurement } = found;
const plain: ExperimentRecord = {
  ...found,
  design: { ...design, twinsAvoided: 0, certificateFailures: 0 },
  measurement: { ...measurement, isolationTier: 2 },
};
const mended: ExperimentRecord = { ...plain, arm: settings.arms[0]?.name ?? null };
const { thrownAway: _, ...older } = rejected;
const withLimits = (limits: Partial<CampaignSettings['limits']>): CampaignSettings => ({
  ...settings,
  limits: { ...settings.limits, ...limits },
});
const illegal = { code: 'certificate-causality', message: '', evidenceHash: design.certificateHash };
const revision = (hash: string) => ({ certificateHash: hash.repeat(64) }) as Revision;

test.each<[string, ExperimentRecord, CampaignSettings | null, string[]]>([
  ['nothing of a candidate without drafts, in an arm whose engineer mends nothing', plain, settings, []],
  ['nothing of a baseline', { ...mended, kind: 'baseline' }, settings, []],
  [
    'certificates of drafts',
    { ...plain, design: { ...design, twinsAvoided: 1, certificateFailures: 0 } },
    settings,
    ['drafts'],
  ],
  ['the first steps before each training', mended, settings, ['mending']],
  [
    'nothing where first steps are not tried, and nothing failed',
    mended,
    withLimits({ probeBeforeTraining: false }),
    [],
  ],
  [
    'probes of a failure',
    { ...mended, outcome: 'failed', measurement: null },
    withLimits({ probeBeforeTraining: false }),
    ['mending'],
  ],
  ['nothing where no program may be changed', mended, withLimits({ revisions: 0 }), []],
  [
    'nothing where no isolation lets a program be tried',
    { ...mended, measurement: { ...measurement, isolationTier: 0 } },
    settings,
    [],
  ],
  [
    'what led to a revision, whatever is known of the campaign',
    { ...plain, revisions: [revision('a')] },
    null,
    ['mending'],
  ],
  ['drafts of what was given up', rejected, settings, ['drafts']],
  ['drafts of which an older record says nothing', older, settings, ['drafts']],
  [
    'nothing of a draft whose certificate ended the design',
    { ...rejected, reason: illegal, thrownAway: { twinsAvoided: 0, certificateFailures: 1 } },
    settings,
    [],
  ],
])('a cost that lacks jobs nobody recorded says which, and no other does: %s', (_, record, own, notCounted) => {
  expect(notCountedOf(record, own)).toEqual(notCounted);
});

test('an arm whose engineer probes is marked, and one that has nothing uncounted is not: the comparison of cost would favour the model', () => {
  const marked = (...candidates: ExperimentRecord[]) =>
    armsOf({ ...material, candidates, inflight: [] }, { trainings: new Map(), certificates: new Map() }, [])?.arms.map(
      ({ spentAtLeast }) => spentAtLeast,
    );
  expect(marked(mended, plain)).toEqual([true, false]);
  expect(marked(plain)).toEqual([false, false]);
});

test('certificates of revisions are on record and counted, each once', () => {
  const last = revision('b');
  const revised: ExperimentRecord = {
    ...plain,
    design: plain.design && { ...plain.design, certificateHash: last.certificateHash },
    revisions: [revision('a'), last],
  };
  expect(certificateHashesIn(revised)).toEqual(['b'.repeat(64), 'a'.repeat(64)]);
  const certificates = new Map(certificateHashesIn(revised).map((hash) => [hash, 3]));
  const spent = spentBy(revised, { trainings: new Map(), certificates }, settings);
  expect(spent).toMatchObject({ certificates: 2, certificateCpuSeconds: 6, notCounted: ['mending'] });
  expect(spent.seconds).toBeCloseTo(measurement.cpuSeconds + 6, 9);
  const costs = costsOf({ ...material, candidates: [revised], inflight: [] }, { trainings: new Map(), certificates });
  expect(costs.candidates.certificates).toMatchObject({ certificates: 2, cpuSeconds: 6 });
});

test('what is under way is marked from its first steps on, and not before there is a program', () => {
  const [one] = material.inflight;
  if (!one) throw new Error('the sample has experiments under way');
  const at = (state: string) =>
    notCountedSoFarOf({ ...one, view: { ...one.view, state, design: plain.design, arm: mended.arm } }, settings);
  expect(at('designGate')).toEqual([]);
  expect(at('training.queued')).toEqual(['mending']);
  expect(notCountedSoFarOf({ ...one, view: { ...one.view, design: null } }, settings)).toEqual([]);
});
