import type { Leaderboard } from '@asi/reading';
import { expect, test } from 'vitest';
import { leaderboardText } from './leaderboard-text.ts';
import { paintFor } from './paint.ts';
import { widthOf } from './text-width.ts';

const row: Leaderboard['rows'][number] = {
  rank: 1,
  id: 'c001-0001',
  kind: 'candidate',
  name: 'a-name-that-is-longer-than-any-column-can-be',
  status: 'provisional',
  confirmation: null,
  provisional: true,
  runs: ['c001-0001'],
  outcome: 'completed',
  ordinal: 1,
  arm: null,
  parentId: 'c001-b01',
  fitness: 0.512,
  merit: 0.498,
  judge: 5.3,
  languageModelLoss: 1.562,
  battery: 0.683,
  tasks: {},
  noise: { fitness: 0.0271, merit: 0.0412, languageModelLoss: 0.0093, battery: 0.0044 },
  difference: { value: -0.002, low: -0.114, high: 0.11, verdict: 'inside-noise' },
  suspicious: false,
  flags: [],
  parameters: 17_000,
  flopsPerToken: 170_000,
  seconds: 25,
};
const oldGround: Leaderboard['oldGround'] = {
  draws: 20,
  twins: 5,
  illegal: 3,
  designs: 12,
  givenUp: 0,
  drawsNotKnown: 0,
  compared: 11,
  nearlyTheSame: 2,
  medianCorrelation: 0.61,
};
const board: Leaderboard = {
  campaignId: 'c001',
  yardstick: 'y',
  baseline: 'delta-net',
  noise: null,
  rows: [row],
  oldGround,
};
const lines = (width: number, one: Leaderboard = board) =>
  leaderboardText(one, { state: 'running', inFlight: [] }, width, paintFor(false, {}));

test('no number stands without its noise: fitness, merit, battery and loss, in a table of 100 columns', () => {
  const [head = '', line = ''] = lines(100);
  for (const part of ['0.512±.027', '0.498±.041', '0.683±.004', '1.562±.009', '[-0.11,+0.11]', 'c001-0001'])
    expect(line).toContain(part);
  expect([widthOf(head), widthOf(line)].every((width) => width <= 100)).toBe(true);
});

test('how much of the search went where it had been is said, and nothing before the first design', () => {
  const text = lines(200).join('\n');
  expect(text).toContain('of 20 draws 5 behaved like an earlier design (25 %) and 3 failed the certificate');
  expect(text).toContain('2 of 11 designs correlate above 0.99 with what an earlier one computes (median 0.61)');
  const none = { draws: 0, twins: 0, illegal: 0, designs: 0, compared: 0, nearlyTheSame: 0, medianCorrelation: null };
  const said = (givenUp: number, drawsNotKnown: number) =>
    lines(400, { ...board, oldGround: { ...none, givenUp, drawsNotKnown } }).join('\n');
  expect(said(0, 0)).not.toContain('Old ground');
  expect(said(2, 0)).toContain('Old ground: 2 candidates ended without a draw that was both legal and new.');
  expect(said(2, 0)).not.toContain('not on record');
  expect(said(2, 1)).toContain('What was drawn for 1 candidate without a design is not on record');
});

test('what fresh seeds said stands in the table and in words, with effect, interval and what it was compared with', () => {
  const difference = { relation: 'baseline', id: 'delta-net', name: 'delta-net', pairs: 5, effect: 0.061 } as const;
  const confirmed: Leaderboard['rows'][number] = {
    ...row,
    status: 'confirmed',
    confirmation: {
      candidateId: 'c001-0001',
      order: 1,
      requestedBy: 'plan',
      rule: 'larger-spread',
      level: 0.0219,
      status: 'confirmed',
      why: 'better than delta-net',
      stopped: null,
      pairs: 5,
      seeds: [101, 102, 103, 104, 105, 106, 107, 108],
      differences: [
        { ...difference, low: 0.012, high: 0.11, shrunk: { effect: 0.057, deviation: 0.014 }, verdict: 'better' },
      ],
    },
  };
  const [, line = '', ...below] = lines(100, { ...board, rows: [confirmed] });
  expect(line).toContain('confirmed (5 seeds)');
  expect(below.join('\n')).toContain('better than delta-net');
  expect(below.join('\n')).toContain(
    '+0.061 [+0.012, +0.110] merit better, with the provisional run and shrunk for selection +0.057 ±0.014',
  );
});

test('the number of a flagged program is not shown unmarked: beside its status, and by test under the table, also when it is confirmed', () => {
  const flagged = { ...row, flags: ['uncounted work', 'state hygiene'] };
  const other = { ...row, id: 'c001-0002', flags: ['state hygiene'] };
  const [, first = '', second = '', third = '', ...below] = lines(140, {
    ...board,
    rows: [flagged, other, { ...row, id: 'c001-0003' }],
  });
  for (const line of [first, second]) expect(line).toContain('provisional, flagged');
  expect(third).not.toContain('flagged');
  expect(below.join('\n')).toContain(
    'failed soft tests of its certificate: uncounted work (c001-0001), state hygiene (c001-0001, c001-0002); asi show ID has the sentences',
  );
  const unknown = lines(140, { ...board, rows: [{ ...row, flags: null }] }).join('\n');
  expect(unknown).not.toContain('flagged');
  const many = Array.from({ length: 15 }, (_, index) => ({ ...flagged, id: `c001-00${index + 10}` }));
  expect(lines(140, { ...board, rows: many }).join('\n')).toContain('and those of 3 rows further down');
});

test('where fresh seeds took a difference back, that is said and not that its interval reaches 0', () => {
  const difference = { value: 0.501, low: 0.007, high: 0.995, verdict: 'inside-noise' } as const;
  const text = lines(160, { ...board, rows: [{ ...row, status: 'not-confirmed', difference }] });
  expect(text[1]).toContain('not again');
  expect(text.join('\n')).toContain('fresh seeds did not show the difference again');
  expect(lines(160).join('\n')).not.toContain('not again');
});

test('a noise that is not known is not made up, and one larger than one stays whole', () => {
  expect(lines(160, { ...board, rows: [{ ...row, noise: null }] })[1]).not.toContain('±');
  const loud = { ...row, noise: { fitness: 0.1, merit: 0.1, battery: 0.1, languageModelLoss: 1.25 } };
  expect(lines(160, { ...board, rows: [loud] })[1]).toContain('1.562±1.250');
});
