import { callsSchema } from '@asi/reading';
import { expect, test } from 'vitest';
import { callsText, costText, money } from './cost-text.ts';
import { paintFor } from './paint.ts';

const paint = paintFor(false, {});
const nothing = {
  calls: 0,
  answered: 0,
  failed: 0,
  underWay: 0,
  lost: 0,
  input: 0,
  cached: 0,
  output: 0,
  reasoning: 0,
  dollars: 0,
  dollarsAtLeast: false,
  withoutDollars: 0,
  withoutUsage: 0,
  retries: 0,
  reopenings: 0,
  brokenOff: 0,
};
const cap = { cap: 'campaign', of: 'c001', unit: 'tokens', limit: 900, spent: 0, inFlight: 0 };
const view = (change: object) =>
  callsSchema.parse({
    campaignId: 'c001',
    total: nothing,
    roles: [],
    questions: [],
    models: [],
    outcomes: [],
    caps: [],
    remarks: [],
    ...change,
  });

test('a campaign without calls says so in one line, and shows its caps where it has some', () => {
  expect(costText(view({}), 80, paint)).toEqual(['campaign c001 has asked no language model']);
  expect(costText(view({ caps: [cap] }), 80, paint).join('\n')).toMatch(
    /has asked no.*\n\n.*limit.*\ncampaign c001 +900/,
  );
});

test('the tables keep to a narrow terminal, and never leave out what was spent', () => {
  const sum = { ...nothing, calls: 4321, input: 12_345_678, output: 98_765, dollars: 12.3456, lost: 1, reopenings: 2 };
  const lines = costText(
    view({
      total: sum,
      roles: [{ role: 'researcher', sum }],
      models: [{ model: 'a-model-with-a-very-long-name/of-many-parts', price: null, sum }],
      remarks: ['again: begun again \u001b[2J', 'lost: never ended'],
    }),
    60,
    paint,
  );
  const tables = lines.slice(
    0,
    lines.findIndex((line) => line.startsWith('no cap is set')),
  );
  for (const line of tables) expect(line.length, line).toBeLessThanOrEqual(60);
  expect(tables.filter((line) => line.includes('$12.35'))).toHaveLength(2);
  expect(lines.slice(-3)).toEqual(['', 'again: begun again  [2J', 'lost: never ended']);
});

test('a sum that lacks something does not look whole', () => {
  const sum = { ...nothing, calls: 2, dollars: 0.1782 };
  const of = (change: object) =>
    costText(view({ total: sum, roles: [{ role: 'judge', sum: { ...sum, ...change } }] }), 200, paint).join('\n');
  expect(of({})).not.toContain('≥');
  expect(of({ dollarsAtLeast: true })).toContain('≥ $0.1782');
});

test('small sums keep the digits that tell them apart', () => {
  expect([money(0), money(0.00042), money(12.3456)]).toEqual(['$0.00', '$0.0004', '$12.35']);
});

test('an error of an endpoint cannot command the terminal', () => {
  const call = {
    role: 'judge',
    node: 'n',
    promptVersion: '0123456789abcdef',
    model: 'm',
    state: 'failed',
    usage: null,
    dollars: null,
    seconds: 1,
    retries: 2,
    openings: 1,
    brokenOff: 1,
  };
  const lines = callsText(
    'c001-0001',
    [{ ...call, error: 'bad \u001b[2J', promptHash: 'p', answerHash: null }] as never,
    paint,
  );
  expect(lines.join('\n')).not.toContain('\u001b');
  expect(lines[1]).toContain('2 retries, 1 broken off');
  expect(lines[2]).toContain('version 0123456789ab of its file');
});

test('a call is not shown as paid in full where a try of it was broken off, as the sums that hold it are not', () => {
  const call = {
    role: 'judge',
    node: 'n',
    promptVersion: 'none',
    model: 'm',
    state: 'answered',
    usage: null,
    error: null,
  };
  const priced = { ...call, dollars: 0.5, seconds: 1, retries: 1, openings: 1, promptHash: 'p', answerHash: null };
  const shown = (brokenOff: number) => callsText('c001-0001', [{ ...priced, brokenOff }] as never, paint)[1];
  expect(shown(0)).toContain(', $0.5000,');
  expect(shown(1)).toMatch(/, ≥ \$0\.5000, .* 1 broken off$/);
});

test('a question that was refused is not shown as one of unknown cost, as the sums know that it took nothing', () => {
  const refused = {
    ...{
      role: 'judge',
      node: 'n',
      promptVersion: 'none',
      model: 'm',
      state: 'failed',
      usage: null,
      error: 'status 400',
    },
    ...{ dollars: 0, seconds: 1, retries: 0, openings: 1, promptHash: 'p', answerHash: null },
  };
  const shown = (brokenOff: number) => callsText('c001-0001', [{ ...refused, brokenOff }] as never, paint)[1];
  expect(shown(0)).toBe('  no tokens, $0.00, 1.0 s');
  expect(shown(1)).toBe('  tokens unknown, ≥ $0.00, 1.0 s, 1 broken off');
});
