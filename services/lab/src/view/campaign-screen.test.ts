import type { ArmComparison, ArmView, Progress } from '@asi/reading';
import { sampleProgress } from '@asi/reading/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { campaignScreen, type ScreenInput } from './campaign-screen.ts';
import type { LiveModel } from './live-campaign.ts';
import { paintFor } from './paint.ts';
import { widthOf } from './text-width.ts';

const hostile = 'evil\u001b[2J\r\nname';
const now = new Date('2026-01-15T09:05:00.000Z');
const progress = sampleProgress({ candidates: 9, wanted: 12, hostileName: hostile }, now);

const arm = {
  name: 'thinking',
  candidates: 6,
  settled: 5,
  best: { id: 'c001-0003', merit: 0.61 },
  meanLift: { value: 0.12, low: 0.04, high: 0.2, verdict: 'better' },
  bestLift: null,
} as ArmView;
const split = (count: number): ArmComparison => ({
  campaignId: 'c001',
  control: 'control',
  arms: Array.from({ length: count }, (_, index) =>
    index === 0
      ? { ...arm, name: 'control', meanLift: null }
      : { ...arm, name: index === 1 ? arm.name : `arm-${index}` },
  ),
});

const modelOf = (shown: Progress | null, arms: ArmComparison | null): LiveModel => ({
  before: null,
  progress: shown,
  arms,
  processes: [],
  training: new Map([
    ['c001-0010', { phase: 'training', task: 'overwrite-recall', step: 120, steps: 200, loss: 1.2345, share: 0.2 }],
  ]),
  events: Array.from({ length: 30 }, (_, index) => ({
    sequence: index,
    time: now.toISOString(),
    subject: '',
    kind: 'evt',
    type: 'x',
    source: 'director/1',
    experimentId: 'c001-0001',
    campaignId: 'c001',
    id: null,
    causationId: null,
    correlationId: null,
    traceparent: null,
    attempt: null,
    summary: `${hostile} completed`,
    problem: null,
    data: null,
  })),
  trouble: null,
});

const input = (columns: number, rows: number, colours = false): Omit<ScreenInput, 'model'> => ({
  supervised: [],
  dashboard: 'http://127.0.0.1:7070',
  hint: 'Ctrl-C stops everything; asi run continues',
  columns,
  rows,
  now,
  paint: paintFor(colours, {}),
});

const screen = (
  columns: number,
  rows: number,
  colours = false,
  shown: Progress | null = progress,
  arms: ArmComparison | null = null,
) => campaignScreen({ ...input(columns, rows, colours), model: modelOf(shown, arms) });

test('80 x 24 shows time left, the best against the baselines, stages with last training values, and how to stop', () => {
  const text = screen(80, 24).join('\n');
  for (const part of [
    'left',
    'candidates 7/12',
    'best',
    'gated-delta-net',
    '±',
    'overwrite-recall',
    '120/200',
    '1.234',
    'training.queued',
    'Ctrl-C',
  ])
    expect(text).toContain(part);
});

test('the best candidate does not look like any other while it runs if its certificate flagged it, or fresh seeds took its difference back', () => {
  const difference = { value: 0.501, low: 0.007, high: 0.995, verdict: 'inside-noise' } as const;
  const best = progress.best && { ...progress.best, difference, flags: ['uncounted work'] };
  expect(screen(140, 24, false, { ...progress, best }).join('\n')).toContain('not shown again by fresh seeds, flagged');
  const clean = progress.best && { ...progress.best, flags: [] };
  expect(screen(140, 24, false, { ...progress, best: clean }).join('\n')).not.toContain('flagged');
});

test('the view never exceeds the terminal, whatever its size', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 20, max: 240 }),
      fc.integer({ min: 9, max: 80 }),
      fc.boolean(),
      fc.integer({ min: 0, max: 8 }),
      (columns, rows, colours, arms) => {
        const lines = screen(columns, rows, colours, progress, arms > 1 ? split(arms) : null);
        expect(lines.length).toBeLessThan(rows);
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
        expect(screen(columns, rows, colours, null)).toHaveLength(1);
      },
    ),
  );
});

test('80 x 24 shows how the arms of a split campaign stand, and still what is training and how to stop', () => {
  const lines = screen(80, 24, false, progress, split(2));
  expect(lines.find((line) => line.startsWith('thinking'))).toMatch(
    /^thinking +5\/6 +0\.610 c001-0003 +\+0\.120 \[\+0\.04, \+0\.20\]/,
  );
  for (const part of ['the control', '120/200', 'Ctrl-C']) expect(lines.join('\n')).toContain(part);
  const without = screen(80, 24).join('\n');
  for (const part of ['thinking', 'mean lift']) expect(without).not.toContain(part);
});

test('control characters in the name of a design do not reach the terminal', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these
  expect(screen(200, 40).join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
});

test('what waits for a slot of its runner does not pass for a training, nor do the values of an earlier attempt', () => {
  const process = { role: 'engineer', instance: 'one', version: '1', state: 'ready.working', handled: 0, failed: 0 };
  const tasks = [{ experimentId: 'c001-0010', state: 'training.queued', since: now.toISOString() }];
  const model = modelOf(progress, null);
  const lines = campaignScreen({
    ...input(80, 24),
    model: {
      ...model,
      processes: [{ ...process, tasks, deadLetters: 0, startedAt: now.toISOString(), memoryBytes: 1, details: {} }],
    },
  });
  const row = lines.find((line) => line.startsWith('c001-0010'));
  expect(row).toContain('training.queued');
  expect(row).not.toContain('120/200');
  expect(screen(80, 24).find((line) => line.startsWith('c001-0010'))).toMatch(/training\.running.*120\/200/);
});

test('what is training is seen, however much was sampled before it and waits', () => {
  const [row] = progress.inFlight;
  if (!row) throw new Error('the sample has something under way');
  const waiting = (id: string, state: string) => ({ ...row, id, name: id, state });
  const inFlight = [
    ...[1, 2, 3, 4, 5, 6].map((n) => waiting(`c001-000${n}`, 'training.queued')),
    ...Array.from({ length: 11 }, (_, index) => waiting(`c001-b${index}`, 'measured')),
    waiting('c001-0010', 'training.running'),
    waiting('c001-0011', 'designing'),
  ];
  const lines = screen(100, 24, false, { ...progress, inFlight });
  const at = (part: string) => lines.findIndex((line) => line.includes(part));
  expect(lines[at('c001-0010 ')]).toMatch(/training\.running.*overwrite-recall.*120\/200/);
  expect(at('c001-0011')).toBe(at('c001-0010 ') + 1);
  const table = lines.filter((line) => /queued|measured/.test(line)).join('\n');
  expect(table).toMatch(/and (\d+ training\.queued, )?\d+ measured/);
  // A high terminal has room for all of them, and for messages.
  const high = screen(100, 48, false, { ...progress, inFlight }).join('\n');
  for (const { id } of inFlight) expect(high).toContain(id);
});

test('how noise was measured is said whole or not at all, never cut in the middle', () => {
  const noise = (columns: number) => screen(columns, 24).find((line) => line.startsWith('noise')) ?? '';
  expect(noise(80)).toMatch(/±\S+ merit between seeds; asi noise tells how$/);
  expect(noise(120)).toMatch(/of one run\); asi noise tells how$/);
  expect(noise(260)).toMatch(/degrees of freedom$/);
});

test('before two are measured the view says roughly how long it takes, from how far the first trainings have come', () => {
  const since = new Date(now.getTime() - 40_000).toISOString();
  const first = progress.inFlight.find(({ state }) => state === 'training.running');
  if (!first) throw new Error('the sample has one in training');
  const early = { ...progress, secondsLeft: null, inFlight: [{ ...first, since }], work: { wanted: 21, completed: 0 } };
  const shown = (share: number) => {
    const training = new Map([[first.id, { phase: 'training', task: 'parity', step: 40, steps: 280, loss: 1, share }]]);
    return campaignScreen({ ...input(80, 24), model: { ...modelOf(early, null), training } })[0];
  };
  expect(shown(0.01)).toContain('time left not known yet');
  // 0.2 of a training in 40 s: 200 s each, one at once, 20.8 to go.
  expect(shown(0.2)).toMatch(/very roughly 70 min left/);
});

test('an endpoint that keeps the campaign waiting stands on the screen once it lasts, for nothing else moves there', () => {
  const shownAt = (since: string) => {
    const waits = [{ endpoint: 'api.example', reason: 'Rate limit reached', since }];
    const process = { role: 'researcher', instance: 'one', version: '1', state: 'ready.idle', tasks: [], waits };
    const counts = { handled: 0, failed: 0, deadLetters: 0, startedAt: now.toISOString(), memoryBytes: 1, details: {} };
    const model = { ...modelOf(progress, null), processes: [{ ...process, ...counts }] };
    return campaignScreen({ ...input(80, 24, false), model }).join('\n');
  };
  expect(shownAt('2026-01-15T09:04:20.000Z')).toContain(
    'researcher waits for api.example: Rate limit reached, since 40 s',
  );
  expect(shownAt('2026-01-15T09:04:55.000Z')).not.toContain('waits for');
});
