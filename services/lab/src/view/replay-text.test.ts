import type { ReplayReport } from '@asi/reading';
import { expect, test } from 'vitest';
import { paintFor } from './paint.ts';
import { replayText } from './replay-text.ts';

const paint = paintFor(false, {});
const equal: ReplayReport = {
  campaignId: 'c001',
  candidates: 4,
  leftOut: [],
  slots: 2,
  decisions: 7,
  equalDecisions: 7,
  recordedDigest: 'abc',
  replayedDigest: 'abc',
  equal: true,
  divergence: null,
  retrained: null,
  folder: null,
};
const textOf = (changes: Partial<ReplayReport>) => replayText({ ...equal, ...changes }, paint).join('\n');

test('what is not replayed is said also when all is equal', () => {
  expect(textOf({ leftOut: ['2 confirmations that a person asked for'] })).toMatch(
    /same in all 7 decisions\n.*abc\n.*abc\nnot replayed: 2 confirmations that a person asked for$/,
  );
});

test('the place where two long texts part is shown, however late it comes', () => {
  const long = 'word '.repeat(200);
  const text = textOf({
    equal: false,
    equalDecisions: 3,
    replayedDigest: 'def',
    divergence: {
      id: 'c001-0002',
      field: 'design.motivation',
      recorded: `${long}first`,
      replayed: `${long}second`,
      question: {
        experimentId: 'c001-0002',
        role: 'researcher',
        node: 'novelty',
        line: 12,
        recorded: 'merit 0.5',
        replayed: null,
        failed: null,
      },
      jobs: ['certify'],
    },
  });
  expect(text).toContain('parts from the record after 3 of 7 decisions');
  expect(text).toMatch(
    /first divergence: c001-0002, design\.motivation\n {2}recorded ….* first\n {2}replayed ….* second/,
  );
  expect(text).toMatch(
    /researcher asked .*\(novelty\); its line 12 differs\n {2}recorded merit 0\.5\n {2}replayed nothing/,
  );
  expect(text).toContain('do not hold: certify of c001-0002');
});

test('a divergence that asked nothing names the first question that is not on record, and for whom it was asked', () => {
  const text = textOf({
    equal: false,
    divergence: {
      id: 'c001-0001',
      field: '',
      recorded: '{}',
      replayed: null,
      question: {
        experimentId: 'c001-0002',
        role: 'judge',
        node: 'score',
        line: 0,
        recorded: '{"promptVersion":"a"}',
        replayed: '{"promptVersion":"b"}',
        failed: null,
      },
      jobs: [],
    },
  });
  expect(text).toContain('the judge for c001-0002 asked what is not in the record (score); its words are those on');
  expect(text).toMatch(/the version of its prompt file differ\n {2}recorded .*"a".*\n {2}replayed .*"b"/);
});

test('a question that failed on record as well is not told as one of other settings, which it has not', () => {
  const settings = '{"promptVersion":"a"}';
  const text = textOf({
    equal: false,
    divergence: {
      id: 'c001-0001',
      field: '',
      recorded: '{}',
      replayed: null,
      question: {
        experimentId: 'c001-0001',
        role: 'researcher',
        node: 'design',
        line: 0,
        recorded: settings,
        replayed: settings,
        failed: 'the filter of the endpoint refuses',
      },
      jobs: [],
    },
  });
  expect(text).toMatch(/researcher asked what was asked on record.*\n {2}recorded the filter of the endpoint refuses/);
  expect(text).not.toContain('differ');
});

test('a value that differs after training again is shown with what the noise says of it', () => {
  const difference = { experimentId: 'c001-0001', name: 'battery', recorded: 0.5, again: 0.51, withinNoise: true };
  const text = textOf({ retrained: { trainings: 2, values: 48, differences: [difference] } });
  expect(text).toContain('1 of 48 values of 2 trainings differ, first battery of c001-0001');
  expect(text).toMatch(/c001-0001 +battery +0\.5 +0\.51 +yes/);
});
