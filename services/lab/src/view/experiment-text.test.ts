import { experimentRecordSchema } from '@asi/contracts';
import type { ExperimentView, LeaderboardRow } from '@asi/reading';
import { sampleCampaign, sampleScores } from '@asi/reading/testing';
import { expect, test } from 'vitest';
import { experimentText } from './experiment-text.ts';
import { paintFor } from './paint.ts';

const sample = sampleCampaign();
const { leaderboard } = sampleScores(sample);
const standing = leaderboard.rows.find(({ flags }) => flags?.length) as LeaderboardRow;
const record = experimentRecordSchema.parse(sample.experiments.find(({ _id }) => _id === standing.id));
const view = {
  ...record,
  id: record._id,
  finished: true,
  state: record.outcome,
  since: record.finishedAt,
  standing,
  record,
  insight: null,
  confirmations: [],
  partOf: [],
  spent: { seconds: 0, atMost: false, trainings: [], certificates: 0, certificateCpuSeconds: null, notCounted: [] },
  artifacts: { certificate: record.design?.certificateHash ?? null, program: null },
} as unknown as ExperimentView;
const textOf = (change: Partial<ExperimentView>, certificate: Parameters<typeof experimentText>[3]) =>
  experimentText({ ...view, ...change }, paintFor(false, {}), true, certificate).join('\n');

test('a difference that fresh seeds did not show again is not called inside the noise, which its interval denies', () => {
  const difference = { value: 0.501, low: 0.007, high: 0.995, verdict: 'inside-noise' } as const;
  const text = textOf({ standing: { ...standing, status: 'not-confirmed', difference } }, null);
  expect(text).toContain('to DeltaNet +0.501 [+0.007, +0.995], not shown again by fresh seeds');
  expect(text).not.toContain('inside noise');
  const small = { value: 0.1, low: -0.3, high: 0.5, verdict: 'inside-noise' } as const;
  expect(textOf({ standing: { ...standing, difference: small } }, null)).toContain('[-0.300, +0.500], inside noise');
});

test('a flagged program is named as such where its certificate is lost too, and by its certificate in older records', () => {
  const hint = `certificate: asi show ${view.id} --artifact ${view.artifacts.certificate}`;
  const lost = textOf({}, null);
  expect(lost).toContain(`Flagged, state hygiene\n${hint}`);
  const findings = [
    {
      ...({ test: 'hidden tables', kind: 'soft', status: 'fail', measured: 2e5, threshold: 1e5 } as const),
      ...{ smallestInput: 'T=8', message: 'hidden tables: it holds 200,000 numbers in a table' },
    },
  ];
  const design = record.design && { ...record.design, flags: undefined };
  expect(textOf({ design }, { findings })).toContain(
    `Flagged, hidden tables: it holds 200,000 numbers in a table\n${hint}`,
  );
  expect(textOf({ design }, null)).not.toContain('Flagged');
});
