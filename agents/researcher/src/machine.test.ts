import { createTaskBoard, runTask } from '@asi/agent-kit';
import { type DataOf, type Envelope, retryable, terminal } from '@asi/contracts';
import { transitionTableOf } from '@asi/testkit';
import { describe, expect, it } from 'vitest';
import { fromPromise } from 'xstate';
import {
  type Answer,
  type Certified,
  type CompareWork,
  type DesignCommand,
  type Draft,
  type DraftWork,
  type Novelty,
  researcherMachine,
} from './machine.ts';

const command: DesignCommand = { envelope: {} as Envelope, data: { draws: 3 } as DataOf<'design'> };
const legal: Certified = {
  legal: true,
  proof: { certificateHash: null, parameters: 1, flopsPerToken: 1 },
  programHash: 'p',
  fingerprint: [[1]],
};
const illegal: Certified = {
  legal: false,
  reason: { code: 'certificate-causality', message: 'sees the future at t = 33', evidenceHash: null },
};

type Play = {
  readonly certificates: Certified[];
  readonly twins: (string | null)[];
  readonly broken?: { at: 'recall' | 'draft' | 'report'; error: Error };
};

/** Plays a design with scripted certificates and novelty verdicts; the draws are counted. */
async function play({ certificates, twins, broken }: Play) {
  const answers: Answer[] = [];
  let draws = 0;
  const setbacks: DraftWork['setback'][] = [];
  const fail = (at: string) => {
    if (broken?.at === at) throw broken.error;
  };
  const machine = researcherMachine.provide({
    actors: {
      recall: fromPromise<unknown, DesignCommand>(async () => fail('recall')),
      draft: fromPromise<Draft, DraftWork>(async ({ input }) => {
        fail('draft');
        draws = input.draw;
        setbacks.push(input.setback);
        return {
          design: { name: `draft ${input.draw}` } as Draft['design'],
          program: { kind: 'builtin', name: 'x' },
          source: '',
        };
      }),
      certify: fromPromise<Certified, { command: DesignCommand; draft: Draft; draw: number }>(
        async () => certificates.shift() ?? legal,
      ),
      awaitEarlier: fromPromise<void, DesignCommand>(async () => undefined),
      compare: fromPromise<Novelty, CompareWork>(async () => ({
        twinOf: twins.shift() ?? null,
        nearest: { id: 'c001-0001', correlation: 0.5 },
      })),
      report: fromPromise<void, { command: DesignCommand; answer: Answer }>(async ({ input }) => {
        fail('report');
        answers.push(input.answer);
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
  return { answers, error, draws, setbacks };
}

describe('the researcher', () => {
  it('has exactly the transitions that were agreed on: a missing one would leave a design hanging', async () => {
    await expect(`${JSON.stringify(transitionTableOf(researcherMachine), null, 2)}\n`).toMatchFileSnapshot(
      'machine.transitions.json',
    );
  });

  it('answers with a design that was proven legal and new', async () => {
    const { answers, error } = await play({ certificates: [], twins: [] });
    expect(answers).toMatchObject([
      { kind: 'designed', design: { name: 'draft 1', twinsAvoided: 0, certificateFailures: 0 } },
    ]);
    expect(error).toBeNull();
  });

  it('throws away twins and illegal drafts, and says in the record how many', async () => {
    const { answers } = await play({ certificates: [illegal, legal, legal], twins: ['c001-0001', null] });
    expect(answers).toMatchObject([
      { kind: 'designed', design: { name: 'draft 3', twinsAvoided: 1, certificateFailures: 1 } },
    ]);
  });

  it('tells each draft why the one before it was thrown away, so that a mind can repair instead of guessing', async () => {
    const { setbacks } = await play({ certificates: [illegal, legal, legal], twins: ['c001-0001', null] });
    expect(setbacks).toMatchObject([
      null,
      { kind: 'illegal', draft: { design: { name: 'draft 1' } }, reason: { code: 'certificate-causality' } },
      { kind: 'twin', draft: { design: { name: 'draft 2' } }, novelty: { twinOf: 'c001-0001' } },
    ]);
  });

  it('never trains a twin: with no draws left the design is rejected, with the name of the twin', async () => {
    const { answers, draws } = await play({ certificates: [], twins: ['a', 'b', 'c001-0002'] });
    expect(draws).toBe(3);
    expect(answers).toMatchObject([{ kind: 'rejected', twinOf: 'c001-0002', reason: { code: 'twin' } }]);
  });

  it('rejects what is never legal, with the finding of the last certificate', async () => {
    const { answers } = await play({ certificates: [illegal, illegal, illegal], twins: [] });
    expect(answers).toMatchObject([{ kind: 'rejected', twinOf: null, reason: { code: 'certificate-causality' } }]);
    expect(answers[0]).toHaveProperty('reason.message', expect.stringContaining('sees the future at t = 33'));
  });

  it('says in numbers what was drawn for a design that is given up: sums of drafts would else be those of the lucky ones', async () => {
    const { answers } = await play({ certificates: [legal, illegal, legal], twins: ['c001-0001', 'c001-0002'] });
    expect(answers).toMatchObject([{ kind: 'rejected', thrownAway: { twinsAvoided: 2, certificateFailures: 1 } }]);
    const { answers: illegals } = await play({ certificates: [illegal, illegal, illegal], twins: [] });
    expect(illegals).toMatchObject([{ kind: 'rejected', thrownAway: { twinsAvoided: 0, certificateFailures: 3 } }]);
  });

  it.each(['recall', 'draft', 'report'] as const)(
    'releases the command for another try when a peer is away at %s',
    async (at) => {
      const { answers, error } = await play({
        certificates: [],
        twins: [],
        broken: { at, error: retryable('away', 'later') },
      });
      expect(answers).toEqual([]);
      expect(error).toMatchObject({ kind: 'retryable' });
    },
  );

  it('reports what no second try can change, so that nobody waits for the deadline', async () => {
    const { answers, error } = await play({
      certificates: [],
      twins: [],
      broken: { at: 'recall', error: terminal('artifact-missing', 'no genome') },
    });
    expect(answers).toMatchObject([{ kind: 'failed', reason: { code: 'artifact-missing' } }]);
    expect(error).toBeNull();
  });
});
