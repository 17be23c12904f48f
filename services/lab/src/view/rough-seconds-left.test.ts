import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { InflightRow } from '@asi/reading';
import { expect, test } from 'vitest';
import { repositoryRoot, trainerPython } from '../stack/toolchain.ts';
import type { TrainingNow } from './live-campaign.ts';
import { roughSecondsLeft } from './rough-seconds-left.ts';
import { shareOf, tokensOfTasks } from './share-of-training.ts';

const now = new Date('2026-01-15T09:05:00.000Z');
const row = (id: string, state: string, secondsAgo: number) =>
  ({ id, state, since: new Date(now.getTime() - secondsAgo * 1000).toISOString() }) as InflightRow;
const at = (task: string, step: number, steps: number, phase = 'training'): TrainingNow => ({
  phase,
  task,
  step,
  steps,
  loss: 1,
});
const work = { wanted: 22, completed: 0 };

test('the first minutes of a first campaign know roughly how long it takes, and not before a training tells enough', () => {
  const inFlight = [row('c001-b01', 'training.running', 30), row('c001-b02', 'training.running', 30)];
  const left = (one: TrainingNow, other: TrainingNow) =>
    roughSecondsLeft(
      { work, inFlight },
      new Map([
        ['c001-b01', one],
        ['c001-b02', other],
      ]),
      'cpu-quick',
      now,
    );
  expect(left(at('parity', 0, 150), at('parity', 10, 150))).toBeNull();
  expect(roughSecondsLeft({ work, inFlight }, new Map(), 'cpu-quick', now)).toBeNull();
  // Half of a training in 30 s: 60 s each, two at once, and 21 of 22 are left.
  const half = at('associative-recall', 77_440, 199_680);
  expect(shareOf(half, 'cpu-quick')).toBeCloseTo(0.5, 6);
  expect(left(half, half)).toBeCloseTo((21 * 60) / 2, 6);
});

test('a training that waits for a slot is not counted as one that runs, and one that is evaluated is done', () => {
  const inFlight = [row('c001-b01', 'training.running', 60), row('c001-b02', 'training.queued', 600)];
  const known = new Map([
    ['c001-b01', at('language-model', 160, 160, 'evaluating')],
    ['c001-b02', at('language-model', 100, 160)],
  ]);
  expect(roughSecondsLeft({ work, inFlight }, known, 'cpu-quick', now)).toBeCloseTo(21 * 60, 6);
});

test('the share of a training never falls from task to task, and ends at all of it', () => {
  for (const [suite, tasks] of Object.entries(tokensOfTasks)) {
    const shares = tasks.flatMap(([task]) =>
      [0, 5, 10].map((step) => shareOf(at(task, step, 10), suite) ?? Number.NaN),
    );
    expect(shares).toEqual([...shares].sort((one, other) => one - other));
    expect([shares[0], shares.at(-1)]).toEqual([0, 1]);
  }
});

test('the suites are those that the trainer trains: a task more there would make every estimate wrong', () => {
  const described = JSON.parse(
    execFileSync(trainerPython(process.env), ['-m', 'trainer', 'describe'], {
      cwd: join(repositoryRoot, 'gpu-runner/trainer'),
      encoding: 'utf8',
    }),
  ) as {
    readonly suites: ReadonlyArray<{
      readonly name: string;
      readonly tasks: ReadonlyArray<
        Record<'steps' | 'batchSize' | 'length' | 'layers', number> & { readonly task: string }
      >;
    }>;
  };
  const tokens = described.suites.map(({ name, tasks }) => [
    name,
    tasks.map(({ task, steps, batchSize, length, layers }) => [task, steps * batchSize * length * layers]),
  ]);
  expect(tokensOfTasks).toEqual(Object.fromEntries(tokens));
});
