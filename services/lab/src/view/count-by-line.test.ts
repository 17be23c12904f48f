import { catalogue, type ExperimentKind } from '@asi/contracts';
import type { JournalLine } from '@asi/reading';
import { expect, test } from 'vitest';
import { countByLine } from './count-by-line.ts';

const line = (type: string, experimentId: string, data: object = {}) => ({ type, experimentId, data }) as JournalLine;
const settled = (id: string, kind: ExperimentKind, outcome = 'completed') =>
  line(catalogue.settled.type, id, { kind, outcome, experimentId: id });
const trained = (id: string) => line(catalogue.trained.type, id);
const before = { candidate: ['c001-0001'], baseline: ['c001-b03'], confirmation: [] };

function countsOf(lines: readonly JournalLine[]): Array<number | null> {
  const count = countByLine();
  return lines.map((one) => count(one, before)?.count ?? null);
}

test('what ended before anybody looked is counted, what gave no result is not, and nothing twice', () => {
  const lines = [
    settled('c001-0003', 'candidate', 'rejected'),
    trained('c001-0002'),
    settled('c001-0002', 'candidate'),
    settled('c001-0002', 'candidate'),
  ];
  expect(countsOf(lines)).toEqual([1, null, 2, 2]);
});

test('baselines count when they are measured: with one that fails, none of those measured above would seem to be', () => {
  const lines = [trained('c001-b01'), settled('c001-b02', 'baseline', 'failed'), settled('c001-b01', 'baseline')];
  expect(countsOf(lines)).toEqual([null, 2, 2]);
});

test('a baseline that was measured and is cancelled with its campaign counts no more', () => {
  const cancelled = (id: string) => settled(id, 'baseline', 'cancelled');
  expect(countsOf([trained('c001-b01'), cancelled('c001-b02'), cancelled('c001-b01'), cancelled('c001-b03')])).toEqual([
    null,
    2,
    1,
    0,
  ]);
});

test('every training with a fresh seed counts that has ended, also without a result: nothing is trained in its place', () => {
  const lines = [settled('c001-f-0007-101', 'confirmation', 'failed'), settled('c001-f-0007-102', 'confirmation')];
  expect(countsOf(lines)).toEqual([1, 2]);
});

test('lines that are told while the documents cannot be read are counted in those after them', () => {
  const count = countByLine();
  expect(count(settled('c001-0002', 'candidate'), null)).toBeNull();
  expect(count(settled('c001-0003', 'candidate'), before)).toEqual({ kind: 'candidate', count: 3 });
});
