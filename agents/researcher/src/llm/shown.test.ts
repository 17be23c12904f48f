import { expect, test } from 'vitest';
import { knownCitations, type Shown } from './shown.ts';

const shown: Shown = [
  { kind: 'experiment', id: 'c001-0001', title: 'the parent' },
  { kind: 'paper', id: '2411.12537', title: 'Negative eigenvalues' },
];
const paper = { kind: 'paper', id: '2411.12537', why: 'reflection' } as const;

test('why a designer cites its parent is kept: in our words for it nobody would learn what it took from there', () => {
  const own = { kind: 'experiment', id: 'c001-0001', why: 'its write rule, which recalls well' } as const;
  expect(knownCitations([paper, own], shown, 'c001-0001')).toEqual([own, paper]);
});

test('a designer that forgets its parent descends from it all the same, and what was not shown is no source', () => {
  const invented = { kind: 'paper', id: '2999.00001', why: 'it proves everything' } as const;
  expect(knownCitations([invented, paper, paper], shown, 'c001-0001')).toEqual([
    { kind: 'experiment', id: 'c001-0001', why: 'the parent' },
    paper,
  ]);
});
