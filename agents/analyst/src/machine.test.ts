import { createTaskBoard, runTask } from '@asi/agent-kit';
import { retryable, terminal } from '@asi/contracts';
import { type ComponentSums, createComponentSums } from '@asi/statistics';
import { transitionTableOf } from '@asi/testkit';
import { expect, test } from 'vitest';
import { fromPromise } from 'xstate';
import { type AnalyseCommand, type Answer, analystMachine } from './machine.ts';
import { type Analysed, analyse, type PaperHit } from './offline/analyse.ts';
import { analyseData, commandOf } from './testing/analyse-command.ts';

const command = commandOf(analyseData());
const failing = (error: Error) => async (): Promise<never> => {
  throw error;
};

/** Runs the machine with actors that write down what they do; single ones can be replaced by failing ones. */
async function run(broken: { gather?: Error; think?: Error; keep?: Error } = {}) {
  const steps: string[] = [];
  const answers: Answer[] = [];
  const machine = analystMachine.provide({
    actors: {
      gather: fromPromise<ComponentSums, AnalyseCommand>(
        broken.gather ? failing(broken.gather) : async () => createComponentSums(),
      ),
      consult: fromPromise<readonly PaperHit[], AnalyseCommand>(async () => []),
      think: fromPromise<Analysed, { command: AnalyseCommand; statistics: ComponentSums; hits: readonly PaperHit[] }>(
        broken.think
          ? failing(broken.think)
          : async ({ input }) => analyse(input.command.data, input.statistics, input.hits, '2026-01-01T00:00:00.000Z'),
      ),
      keep: fromPromise<void, Analysed>(broken.keep ? failing(broken.keep) : async () => void steps.push('kept')),
      report: fromPromise<void, { command: AnalyseCommand; answer: Answer }>(async ({ input }) => {
        steps.push('reported');
        answers.push(input.answer);
      }),
    },
  });
  const board = createTaskBoard(() => new Date(0));
  const error = await runTask(
    machine,
    { command },
    { key: 'k', experimentId: 'e', board, signal: new AbortController().signal },
  ).then(
    () => null,
    (problem: unknown) => problem,
  );
  return { steps, answers, error };
}

test('has exactly the transitions that were agreed on: a missing one would leave an analysis hanging', async () => {
  await expect(`${JSON.stringify(transitionTableOf(analystMachine), null, 2)}\n`).toMatchFileSnapshot(
    'machine.transitions.json',
  );
});

test('the insight is kept before the analysis is reported: nobody hears of an insight that is not there', async () => {
  const { steps, answers, error } = await run();
  expect(steps).toEqual(['kept', 'reported']);
  expect(answers[0]?.kind).toBe('analysed');
  expect(error).toBeNull();
});

test('an archive that is away releases the command, and nothing is reported', async () => {
  for (const broken of [
    { gather: retryable('archive-behind', 'later') },
    { keep: retryable('service-unreachable', 'later') },
  ]) {
    const { steps, error } = await run(broken);
    expect(steps).toEqual([]);
    expect(error).toMatchObject({ kind: 'retryable' });
  }
});

test('what no second try can change is reported, so that the experiment does not wait for its deadline', async () => {
  const { steps, answers, error } = await run({ think: terminal('claim-unfounded', 'bad') });
  expect(steps).toEqual(['reported']);
  expect(answers[0]).toMatchObject({
    kind: 'failed',
    failure: { kind: 'terminal', reason: { code: 'claim-unfounded' } },
  });
  expect(error).toBeNull();
});
