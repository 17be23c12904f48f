import { createTaskBoard, runTask } from '@asi/agent-kit';
import { type DataOf, type Envelope, retryable, terminal } from '@asi/contracts';
import type { FinishedEvent, JobOutcome, JobTimes, Program } from '@asi/runner-client';
import { transitionTableOf } from '@asi/testkit';
import { describe, expect, it } from 'vitest';
import { fromPromise } from 'xstate';
import { engineerMachine, type TrainCommand, type Verdict } from './machine.ts';
import { evidenceOf, failureVerdict } from './verdict.ts';

const command: TrainCommand = { envelope: {} as Envelope, data: {} as DataOf<'train'> };
const measured = { kind: 'measured' } as Verdict;
type Step = 'fetch' | 'follow' | 'keep' | 'report';

async function play(broken: { at: Step; error: Error } | null) {
  const reported: Verdict[] = [];
  const fail = (at: Step) => {
    if (broken?.at === at) throw broken.error;
  };
  const machine = engineerMachine.provide({
    actors: {
      fetchProgram: fromPromise<Program, TrainCommand>(async () => {
        fail('fetch');
        return { origin: 'builtin', builtin: 'delta-net' };
      }),
      followJob: fromPromise<FinishedEvent, { command: TrainCommand; program: Program }>(async () => {
        fail('follow');
        return {} as FinishedEvent;
      }),
      keepResult: fromPromise<Verdict, { command: TrainCommand; finished: FinishedEvent }>(async () => {
        fail('keep');
        return measured;
      }),
      report: fromPromise<void, { command: TrainCommand; verdict: Verdict }>(async ({ input }) => {
        fail('report');
        reported.push(input.verdict);
      }),
    },
  });
  const task = {
    key: 'k',
    experimentId: 'e',
    board: createTaskBoard(() => new Date(0)),
    signal: new AbortController().signal,
  };
  const error = await runTask(machine, { command }, task).then(
    () => null,
    (problem: unknown) => problem,
  );
  return { reported, error };
}

describe('the engineer', () => {
  it('has exactly the transitions that were agreed on: a missing one would leave a training hanging', async () => {
    await expect(`${JSON.stringify(transitionTableOf(engineerMachine), null, 2)}\n`).toMatchFileSnapshot(
      'machine.transitions.json',
    );
  });

  it('reports what was measured', async () => {
    expect(await play(null)).toEqual({ reported: [measured], error: null });
  });

  it.each(['fetch', 'follow', 'keep', 'report'] as const)(
    'releases the command when a peer is away at %s: the job goes on and is found again',
    async (at) => {
      const { reported, error } = await play({ at, error: retryable('runner-unreachable', 'away') });
      expect(reported).toEqual([]);
      expect(error).toMatchObject({ kind: 'retryable' });
    },
  );

  it.each(['fetch', 'follow', 'keep'] as const)(
    'makes a verdict of a terminal error at %s, for example a program that the runner refuses',
    async (at) => {
      const { reported, error } = await play({
        at,
        error: terminal('isolation-insufficient', 'foreign code on tier 0'),
      });
      expect(reported).toMatchObject([
        { kind: 'failed', failure: { kind: 'terminal', reason: { code: 'isolation-insufficient' } } },
      ]);
      expect(error).toBeNull();
    },
  );
});

describe('the verdict on a job without a measurement', () => {
  const times: JobTimes = {
    queued: '2026-01-15T08:00:00.000Z',
    started: '2026-01-15T09:00:00.000Z',
    working: null,
    finished: '2026-01-15T09:00:12.500Z',
  };
  const ends: Array<[Exclude<JobOutcome, { status: 'ok' }>, 'terminal' | 'retryable', string]> = [
    [{ status: 'lost', message: '' }, 'retryable', 'runner-lost'],
    [{ status: 'failed', reason: 'environment', message: '', evidence: {} }, 'retryable', 'environment'],
    [{ status: 'failed', reason: 'diverged', message: '', evidence: {} }, 'terminal', 'diverged'],
    [{ status: 'failed', reason: 'out-of-memory', message: '', evidence: {} }, 'terminal', 'out-of-memory'],
    [{ status: 'timeout', message: '', evidence: {} }, 'terminal', 'timeout'],
    [{ status: 'cancelled', message: '' }, 'terminal', 'cancelled'],
  ];
  it.each(ends)('tries again only what was not the fault of the program: %o', (outcome, kind, code) => {
    expect(failureVerdict(outcome, times, null)).toMatchObject({ kind: 'failed', failure: { kind, reason: { code } } });
  });

  it('says how long the job ran, by the ledger and not by when the end was heard of', () => {
    const secondsWith = (changes: Partial<JobTimes>) => {
      const verdict = failureVerdict({ status: 'lost', message: '' }, { ...times, ...changes }, null);
      return verdict.kind === 'failed' ? verdict.failure.seconds : undefined;
    };
    expect(secondsWith({})).toBe(12.5);
    expect(secondsWith({ started: null })).toBe(0);
    expect(secondsWith({ finished: null })).toBeNull();
  });

  it('keeps the evidence, and nothing where there is none', () => {
    expect(evidenceOf({ status: 'timeout', message: '', evidence: { logTail: 'x' } })).toContain('logTail');
    expect(evidenceOf({ status: 'lost', message: '' })).toBeNull();
  });
});
