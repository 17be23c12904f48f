import { createTaskBoard, runTask } from '@asi/agent-kit';
import {
  type ArtifactHash,
  type DataOf,
  type Envelope,
  paused,
  type Revision,
  retryable,
  terminal,
} from '@asi/contracts';
import type { FinishedEvent, JobOutcome, JobTimes, Program } from '@asi/runner-client';
import { transitionTableOf } from '@asi/testkit';
import { describe, expect, it } from 'vitest';
import { fromPromise } from 'xstate';
import type { FirstSteps } from './first-steps/first-steps.ts';
import { engineerMachine } from './machine.ts';
import type { FailedTraining, Mending } from './mind.ts';
import type { FollowedWork, ReportWork, TrainCommand, TrainWork, Verdict } from './train-work.ts';
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
      followJob: fromPromise<FinishedEvent, FollowedWork>(async () => {
        fail('follow');
        return {} as FinishedEvent;
      }),
      keepResult: fromPromise<Verdict, { command: TrainCommand; finished: FinishedEvent }>(async () => {
        fail('keep');
        return measured;
      }),
      report: fromPromise<void, ReportWork>(async ({ input }) => {
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

  it('says of a job that it waits until the runner has a slot for it, and of a changed program anew', async () => {
    const board = createTaskBoard(() => new Date(0));
    const told: Array<string | undefined> = [];
    const look = () => told.push(board.list()[0]?.state);
    const machine = engineerMachine.provide({
      actors: {
        fetchProgram: fromPromise<Program, TrainCommand>(async () => ({ origin: 'foreign', source: 'first' })),
        followJob: fromPromise<FinishedEvent, FollowedWork>(async ({ input }) => {
          await Promise.resolve();
          look();
          input.onSlot();
          look();
          input.onSlot();
          return { outcome: input.revisions.length > 0 ? fine : crash } as FinishedEvent;
        }),
        keepResult: fromPromise<Verdict, { command: TrainCommand; finished: FinishedEvent }>(
          async ({ input: { finished } }) =>
            finished.outcome.status === 'ok' ? measured : failureVerdict(finished.outcome, times, null),
        ),
        mend: fromPromise<Mending, FailedTraining>(async ({ input }) => ({
          kind: 'revised',
          program: { origin: 'foreign', source: 'better' },
          revision: revisionTo('b', input.cause),
        })),
        report: fromPromise<void, ReportWork>(async () => undefined),
      },
    });
    const mending = { revisions: 1, parameterRatio: 1.5, campaignNumber: 1, ordinal: 1 };
    const data = { mind: 'llm', mending } as unknown as DataOf<'train'>;
    const { signal } = new AbortController();
    await runTask(
      machine,
      { command: { envelope: {} as Envelope, data } },
      { key: 'k', experimentId: 'e', board, signal },
    );
    expect(told).toEqual(['training.queued', 'training.running', 'training.queued', 'training.running']);
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

const hash = (letter: string) => letter.repeat(64) as ArtifactHash;
const revisionTo = (letter: string, cause: FailedTraining['cause']): Revision => ({
  programHash: hash(letter),
  diffHash: hash('d'),
  reason: `made it ${letter}`,
  cause,
  calls: [],
  certificateHash: hash('c'),
  parameters: 1,
  flopsPerToken: 1,
});
const times: JobTimes = {
  queued: '2026-01-15T08:00:00.000Z',
  started: '2026-01-15T09:00:00.000Z',
  working: null,
  finished: '2026-01-15T09:00:12.500Z',
};
const crash: JobOutcome = {
  status: 'failed',
  reason: 'crashed',
  message: 'It raised.',
  evidence: { logTail: 'KeyError' },
};

/** Trains programs that are told by their source, and mends as told: each mending is a new source, a refusal or an error. */
async function playMending(
  mendings: ReadonlyArray<string | { givenUp: string } | { error: Error }>,
  { outcomes = {}, firstSteps, limit = 2, mind = 'llm' as 'llm' | 'offline', builtin = false } = {} as {
    outcomes?: Record<string, JobOutcome>;
    /** What the first steps of a program show, or why they could not be tried; those of others are sound. Without it none are tried. */
    firstSteps?: Record<string, FirstSteps | Error>;
    limit?: number;
    mind?: 'llm' | 'offline';
    builtin?: boolean;
  },
) {
  const trained: string[] = [];
  const tried: string[] = [];
  const asked: FailedTraining[] = [];
  const reported: ReportWork[] = [];
  const first: Program = builtin ? { origin: 'builtin', builtin: 'delta-net' } : { origin: 'grammar', source: 'first' };
  const nameOf = (program: Program) => (program.origin === 'builtin' ? program.builtin : program.source);
  const machine = engineerMachine.provide({
    actors: {
      fetchProgram: fromPromise<Program, TrainCommand>(async () => first),
      tryFirstSteps: fromPromise<FirstSteps, TrainWork>(async ({ input: { program } }) => {
        tried.push(nameOf(program));
        const found = firstSteps?.[nameOf(program)] ?? { kind: 'sound' };
        if (found instanceof Error) throw found;
        return found;
      }),
      followJob: fromPromise<FinishedEvent, FollowedWork>(async ({ input: { program } }) => {
        trained.push(nameOf(program));
        return { outcome: outcomes[nameOf(program)] ?? crash } as FinishedEvent;
      }),
      keepResult: fromPromise<Verdict, { command: TrainCommand; finished: FinishedEvent }>(
        async ({ input: { finished } }) =>
          finished.outcome.status === 'ok' ? measured : failureVerdict(finished.outcome, times, hash('e')),
      ),
      mend: fromPromise<Mending, FailedTraining>(async ({ input }) => {
        asked.push(input);
        const mending = mendings[asked.length - 1];
        if (typeof mending === 'string') {
          const program = { origin: 'foreign' as const, source: mending };
          return { kind: 'revised', program, revision: revisionTo(mending.slice(0, 1), input.cause) };
        }
        if (mending && 'error' in mending) throw mending.error;
        return { kind: 'given-up', why: mending?.givenUp ?? 'no idea' };
      }),
      report: fromPromise<void, ReportWork>(async ({ input }) => {
        reported.push(input);
      }),
    },
  });
  const probeBeforeTraining = firstSteps !== undefined;
  const mending =
    limit === 0 ? null : { revisions: limit, parameterRatio: 1.5, campaignNumber: 1, ordinal: 1, probeBeforeTraining };
  const task = {
    key: 'k',
    experimentId: 'e',
    board: createTaskBoard(() => new Date(0)),
    signal: new AbortController().signal,
  };
  const data = { mind, mending } as DataOf<'train'>;
  const error = await runTask(machine, { command: { envelope: {} as Envelope, data } }, task).catch(
    (problem: unknown) => problem,
  );
  return { trained, tried, asked, reported, error };
}
const fine = { status: 'ok' } as JobOutcome;

describe('the engineer with a mind of its own', () => {
  it('trains what it changed, and reports the measurement with the change that led to it', async () => {
    const { trained, reported, asked } = await playMending(['better'], { outcomes: { better: fine } });
    expect(trained).toEqual(['first', 'better']);
    expect(asked[0]).toMatchObject({ program: { source: 'first' }, cause: { code: 'crashed' }, earlier: [] });
    expect(reported).toMatchObject([{ verdict: { kind: 'measured' }, revisions: [{ reason: 'made it b' }] }]);
  });

  it('stops at the limit of revisions, and tells all that it tried', async () => {
    const { trained, reported, asked } = await playMending(['a', 'b', 'c']);
    expect(trained).toEqual(['first', 'a', 'b']);
    expect(asked[1]).toMatchObject({
      program: { source: 'a' },
      designed: { source: 'first' },
      earlier: [{ reason: 'made it a' }],
    });
    expect(reported[0]?.revisions.map(({ reason }) => reason)).toEqual(['made it a', 'made it b']);
    expect(reported[0]?.verdict).toMatchObject({ failure: { kind: 'terminal', reason: { code: 'crashed' } } });
  });

  it.each([
    ['it gives up', { givenUp: 'the idea is the fault' }, 'the idea is the fault'],
    ['the model declines', { error: terminal('model-refused', 'the model declines') }, 'the model declines'],
  ])('reports the failure as it was, with the reason, when %s', async (_, mending, why) => {
    const { trained, reported, error } = await playMending([mending]);
    expect(trained).toEqual(['first']);
    expect(error).toBeUndefined();
    expect(reported[0]?.verdict).toMatchObject({
      failure: {
        reason: {
          code: 'crashed',
          message: `It raised. The engineer could not mend it: ${why}`,
          evidenceHash: hash('e'),
        },
      },
    });
  });

  it.each([retryable('model-unavailable', 'later'), paused('spending-capped', 'a cap')])(
    'releases the command when nobody can think now: %s',
    async (problem) => {
      const { reported, error } = await playMending([{ error: problem }]);
      expect(reported).toEqual([]);
      expect(error).toMatchObject({ kind: problem.kind, code: problem.code });
    },
  );

  it.each<[string, Parameters<typeof playMending>[1]]>([
    ['an offline mind', { mind: 'offline' }],
    ['a command that allows no revision', { limit: 0 }],
    ['a built-in', { builtin: true }],
    ['a training that was cancelled', { outcomes: { first: { status: 'cancelled', message: '' } } }],
    ['a runner that was lost', { outcomes: { first: { status: 'lost', message: '' } } }],
    [
      'a broken machine',
      { outcomes: { first: { status: 'failed', reason: 'environment', message: '', evidence: {} } } },
    ],
  ])('does not think about %s', async (_, how) => {
    const { asked, reported } = await playMending(['better'], how);
    expect(asked).toEqual([]);
    expect(reported).toMatchObject([{ verdict: { kind: 'failed' }, revisions: [] }]);
  });
});

const faulty: FirstSteps = {
  kind: 'faulty',
  outcome: { status: 'failed', reason: 'crashed', message: 'It raises.', evidence: { logTail: 'KeyError' } },
  cause: { code: 'crashed', message: 'In the first steps: it raises.', evidenceHash: hash('e') },
};

describe('the engineer that tries the first steps of a training', () => {
  it('mends what fails in them before anything is trained, and tries the change as well', async () => {
    const { trained, tried, asked, reported } = await playMending(['better'], {
      firstSteps: { first: faulty },
      outcomes: { better: fine },
    });
    expect([tried, trained]).toEqual([['first', 'better'], ['better']]);
    expect(asked).toMatchObject([{ found: 'in-first-steps', program: { source: 'first' }, cause: faulty.cause }]);
    expect(reported).toMatchObject([{ verdict: { kind: 'measured' }, revisions: [{ cause: { code: 'crashed' } }] }]);
  });

  it('trains at once what is sound, and asks nobody', async () => {
    const { trained, tried, asked } = await playMending(['better'], { firstSteps: {}, outcomes: { first: fine } });
    expect([tried, trained, asked]).toEqual([['first'], ['first'], []]);
  });

  it('counts changes before and between trainings together: a program that fails again and again has an end', async () => {
    const { trained, tried, reported } = await playMending(['a', 'b', 'c'], { firstSteps: { first: faulty } });
    // What may not be changed any more needs no trial.
    expect([tried, trained]).toEqual([
      ['first', 'a'],
      ['a', 'b'],
    ]);
    expect(reported[0]?.revisions.map(({ reason }) => reason)).toEqual(['made it a', 'made it b']);
  });

  it.each([
    ['the mind gives it up', { givenUp: 'the idea is the fault' }, 'the idea is the fault'],
    ['the model declines', { error: terminal('model-refused', 'the model declines') }, 'the model declines'],
  ])('trains it as it is when %s: first steps are no verdict', async (_, mending, why) => {
    const good = await playMending([mending], { firstSteps: { first: faulty }, outcomes: { first: fine } });
    expect(good.trained).toEqual(['first']);
    expect(good.reported).toMatchObject([{ verdict: { kind: 'measured' }, revisions: [] }]);
    const bad = await playMending([mending, 'never'], { firstSteps: { first: faulty } });
    expect([bad.trained, bad.asked.length]).toEqual([['first'], 1]);
    expect(bad.reported[0]?.verdict).toMatchObject({
      failure: { reason: { message: `It raised. The engineer could not mend it: ${why}` } },
    });
  });

  it('still mends a training that fails after first steps that were sound', async () => {
    const { trained, asked } = await playMending(['better'], { firstSteps: {}, outcomes: { better: fine } });
    expect(trained).toEqual(['first', 'better']);
    expect(asked).toMatchObject([{ found: 'in-training', cause: { message: 'It raised.' } }]);
  });

  it.each<[string, Parameters<typeof playMending>[1]]>([
    ['with an offline mind', { mind: 'offline' }],
    ['where nothing may be changed', { limit: 0 }],
    ['of a built-in', { builtin: true }],
  ])('tries none %s', async (_, how) => {
    const { tried, trained } = await playMending([], { firstSteps: {}, ...how });
    expect([tried, trained.length]).toEqual([[], 1]);
  });

  it('releases the command when the runner is away, and reports what the runner refuses', async () => {
    const away = await playMending([], { firstSteps: { first: retryable('runner-unreachable', 'away') } });
    expect([away.reported, away.trained]).toEqual([[], []]);
    expect(away.error).toMatchObject({ kind: 'retryable', code: 'runner-unreachable' });
    const { reported } = await playMending([], {
      firstSteps: { first: terminal('isolation-insufficient', 'foreign code') },
    });
    expect(reported).toMatchObject([{ verdict: { failure: { reason: { code: 'isolation-insufficient' } } } }]);
  });
});

describe('the verdict on a job without a measurement', () => {
  const ends: Array<[Exclude<JobOutcome, { status: 'ok' }>, 'terminal' | 'retryable', string]> = [
    [{ status: 'lost', message: '' }, 'retryable', 'runner-lost'],
    [{ status: 'failed', reason: 'environment', message: '', evidence: {} }, 'retryable', 'environment'],
    [{ status: 'failed', reason: 'worker-killed', message: '', evidence: {} }, 'retryable', 'worker-killed'],
    [{ status: 'failed', reason: 'worker-died', message: '', evidence: {} }, 'terminal', 'worker-died'],
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
