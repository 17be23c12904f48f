import { createTaskBoard, runTask } from '@asi/agent-kit';
import { type Judgement, retryable, terminal } from '@asi/contracts';
import { transitionTableOf } from '@asi/testkit';
import { expect, test } from 'vitest';
import { fromPromise } from 'xstate';
import { type Answer, type JudgeCommand, judgeMachine } from './machine.ts';
import { judge } from './offline/judge.ts';
import { commandOf, judgeData } from './testing/judge-command.ts';

const command = commandOf(judgeData());

async function run(broken: { weigh?: Error; report?: Error } = {}) {
  const answers: Answer[] = [];
  const machine = judgeMachine.provide({
    actors: {
      weigh: fromPromise<Judgement, JudgeCommand>(async ({ input }) => {
        if (broken.weigh) throw broken.weigh;
        return judge(input.data);
      }),
      report: fromPromise<void, { command: JudgeCommand; answer: Answer }>(async ({ input }) => {
        if (broken.report) throw broken.report;
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
  return { answers, error };
}

test('has exactly the transitions that were agreed on: a missing one would leave a judgement hanging', async () => {
  await expect(`${JSON.stringify(transitionTableOf(judgeMachine), null, 2)}\n`).toMatchFileSnapshot(
    'machine.transitions.json',
  );
});

test('a judgement is reported', async () => {
  const { answers, error } = await run();
  expect(answers).toMatchObject([{ kind: 'judged', judgement: { author: 'judge/offline' } }]);
  expect(error).toBeNull();
});

test('a broker that is away releases the command for another try', async () => {
  expect((await run({ report: retryable('publish-failed', 'later') })).error).toMatchObject({ kind: 'retryable' });
});

test('what no second try can change is reported, so that the experiment does not wait for its deadline', async () => {
  const { answers, error } = await run({ weigh: terminal('bad', 'bad') });
  expect(answers).toMatchObject([{ kind: 'failed', failure: { kind: 'terminal' } }]);
  expect(error).toBeNull();
});
