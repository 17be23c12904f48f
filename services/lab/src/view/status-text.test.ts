import type { ArmView } from '@asi/reading';
import { sampleProgress } from '@asi/reading/testing';
import { expect, test } from 'vitest';
import { paintFor } from './paint.ts';
import { type StatusView, statusText, supervisedText } from './status-text.ts';

const now = new Date('2026-01-15T09:00:00.000Z');
const letters = Array.from({ length: 15 }, (_, index) => ({
  sequence: 15 - index,
  at: now.toISOString(),
  consumer: 'judge',
  experimentId: null,
  code: 'no-name',
  why: `reason ${index}`,
  originalSequence: null,
  originalType: null,
}));
const view: StatusView = {
  stack: null,
  processes: [
    {
      role: 'judge',
      instance: 'one',
      version: '1',
      state: 'ready.idle',
      tasks: [],
      handled: 7,
      failed: 2,
      deadLetters: 0,
      startedAt: now.toISOString(),
      memoryBytes: 1e6,
      details: {},
    },
  ],
  deadLetters: letters,
  deadLetterCounts: { judge: 15 },
  backlog: [],
  journal: { lastSequence: 15 },
  campaigns: [],
  progress: null,
  costs: null,
  arms: null,
};
const text = (shown: StatusView) => statusText(shown, paintFor(false, {}), now);

test('dead letters that are not listed are counted, and so are those of a process that was started again since', () => {
  const lines = text(view);
  expect(lines.filter((line) => line.includes('no-name'))).toHaveLength(10);
  expect(lines.join('\n')).toContain('dead letters: 15');
  expect(lines.at(-1)).toMatch(/and 5 more: asi journal --type dead-letter/);
  const [head = '', row = ''] = lines.filter((line) => /^(process|judge) /.test(line));
  for (const [title, value] of [
    ['handled', '7'],
    ['tries failed', '2'],
    ['dead letters', '15'],
  ] as const) {
    const end = head.indexOf(title) + title.length;
    expect(row.slice(0, end).trimEnd().split(/\s+/).at(-1), title).toBe(value);
  }
});

test('how the arms stand is told of a campaign that is split and under way, within 80 columns', () => {
  const progress = sampleProgress({ candidates: 9, wanted: 12 }, now);
  const arm = { name: 'thinking', settled: 5, candidates: 6, best: null, meanLift: null, bestLift: null } as ArmView;
  const arms = { campaignId: 'c001', control: 'control', arms: [arm, { ...arm, name: 'control' }] };
  const lines = text({ ...view, progress, arms });
  const at = lines.findIndex((line) => /^thinking +5\/6 +none yet +not known yet/.test(line));
  expect(lines[at + 1]).toMatch(/^control +5\/6 +none yet +the control$/);
  expect(lines[at]?.length).toBeLessThanOrEqual(80);
  expect(text({ ...view, progress }).join('\n')).not.toContain('the control');
});

test('when every dead letter is listed there is no more to say', () => {
  const few = { ...view, deadLetters: letters.slice(0, 10), deadLetterCounts: { judge: 10 } };
  expect(text(few).join('\n')).not.toContain('more');
});

test('with its servers away a stack is still shown by what lab knows of it: which process is down, and why', () => {
  const lines = supervisedText(
    {
      pid: 7,
      startedAt: now.toISOString(),
      processes: [
        {
          name: 'servers',
          state: 'backing-off',
          pid: null,
          startTime: null,
          restarts: 3,
          lastExit: null,
          retryAt: null,
          since: now.toISOString(),
          url: null,
          lastError: { code: 'exit-1', message: 'the database ended with exit code 1' },
        },
      ],
    },
    paintFor(false, {}),
    now,
  );
  expect(lines.join('\n')).toMatch(/process 7[\s\S]*servers +backing-off +the database ended with exit code 1/);
});

test('a process that crashes again and again is seen while it answers; where nobody here starts it again nothing is claimed', () => {
  const process = (name: string, restarts: number) => ({
    name,
    state: 'running' as const,
    pid: 1,
    startTime: null,
    restarts,
    lastExit: null,
    retryAt: null,
    since: now.toISOString(),
    url: null,
    lastError: null,
  });
  const stack = { pid: 7, startedAt: now.toISOString(), dashboard: null, supervised: [] };
  const restartsIn = (lines: readonly string[], name: string) => {
    const [head = '', row = ''] = lines.filter((line) => line.startsWith('process ') || line.startsWith(`${name} `));
    return row
      .slice(0, head.indexOf('restarts') + 'restarts'.length)
      .trimEnd()
      .split(/ {2,}/)
      .at(-1);
  };
  const one = text({ ...view, stack: { ...stack, supervised: [process('judge', 31), process('gpu-runner', 2)] } });
  expect([restartsIn(one, 'judge'), restartsIn(one, 'gpu-runner')]).toEqual(['31', '2']);
  const several = text({ ...view, stack: { ...stack, supervised: [process('judge-1', 2), process('judge-2', 1)] } });
  expect(restartsIn(several, 'judge')).toBe('3 in all');
  expect(restartsIn(text(view), 'judge')).toBe('-');
});

test('a process that runs and does not answer is not told as one that runs', () => {
  const process = (name: string, url: string | null) =>
    ({ name, state: 'running', url, restarts: 0, since: now.toISOString(), lastError: null, pid: 1 }) as never;
  const supervised = [process('judge', null), process('engineer', null), process('servers', 'nats://127.0.0.1:1')];
  const stack = { pid: 1, startedAt: now.toISOString(), dashboard: null, supervised };
  const lines = text({ ...view, stack });
  expect(lines.find((line) => line.startsWith('engineer'))).toContain('does not answer');
  expect(lines.find((line) => line.startsWith('servers'))).toContain('running');
  expect(lines.find((line) => line.startsWith('judge'))).toContain('idle');
});

test('a role that waits for an endpoint says so beside its state, which else reads as if nothing was to do', () => {
  const waits = [{ endpoint: 'api.example', reason: 'Rate limit reached', since: '2026-01-15T08:59:20.000Z' }];
  const processes = view.processes.map((one) => ({ ...one, waits }));
  expect(text({ ...view, processes })).toContain('judge waits for api.example: Rate limit reached, since 40 s');
});

test('a baseline that ended without a result is told beside those that are there, and not waited for', () => {
  const progress = sampleProgress({ candidates: 2 }, now);
  const baselines = { wanted: 12, completed: 12, withoutResult: 1, reused: 0 };
  const told = text({ ...view, progress: { ...progress, baselines } }).find((line) => line.includes('baseline runs'));
  expect(told).toContain('12 of 12 baseline runs (1 more without a result)');
});
