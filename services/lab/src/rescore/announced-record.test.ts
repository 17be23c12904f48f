import { catalogue } from '@asi/contracts';
import type { JournalLine } from '@asi/reading';
import { sampleCampaign } from '@asi/reading/testing';
import { expect, test } from 'vitest';
import { announcedRecord } from './announced-record.ts';
import { compareRecord } from './compare-record.ts';

const record = sampleCampaign().experiments.find((one) => one.kind === 'candidate' && one.measurement);
if (!record?.measurement || !record.design) throw new Error('the sample has a measured candidate');
const { _id: experimentId, campaignId, measurement } = record;

const line = (id: string, type: string, attempt: number | null, data: object) =>
  ({ id, type, attempt, data }) as unknown as JournalLine;
const trained = (id: string, attempt: number, battery: number) =>
  line(id, catalogue.trained.type, attempt, {
    ...{ campaignId, experimentId, attempt, token: `${experimentId}/training/${attempt}`, jobId: id, revisions: [] },
    measurement: { ...measurement, battery },
  });
const ignored = (messageId: string, why: string) =>
  line(`note-${messageId}`, catalogue.ignored.type, null, {
    ...{ experimentId, messageId, type: catalogue.trained.type, why },
  });

test.each([
  ['a late answer to an attempt that was given up', [trained('a', 2, 0.5), trained('b', 1, 0.9)]],
  ['an answer by another trainer', [trained('b', 1, 0.9), ignored('b', 'other-trainer'), trained('a', 1, 0.5)]],
  ['the same answer, delivered again after the end', [trained('a', 1, 0.5), ignored('a', 'already-settled')]],
])('%s does not make an honest record a forged one', (_, messages) => {
  expect(announcedRecord(messages).measurement?.battery).toBe(0.5);
});

test('what no message tells is named and not called equal', () => {
  const { fields, unchecked } = compareRecord({ judgement: record.judgement }, {});
  expect([fields, unchecked.map(({ name }) => name)]).toEqual([[], ['judgement']]);
});
