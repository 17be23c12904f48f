import { catalogue, experimentIdSchema, retryable, terminal } from '@asi/contracts';
import type { ExperimentView, Reading } from '@asi/reading';
import { askDirector } from './ask-director.ts';
import type { CliContext } from './cli-context.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

const answerSeconds = 20;

/** Ends one experiment, and returns when it has ended. */
export async function cancelExperiment(context: CliContext, reading: Reading, id: string): Promise<ExitCode> {
  const view = await reading.experiment(id);
  if (!view) throw terminal('no-experiment', `there is no experiment ${id}; asi status shows what is under way`);
  refuseWithoutUse(view);
  const experimentId = experimentIdSchema.parse(id);
  const told = await askDirector<string>(reading, {
    ask: (messageId) =>
      reading.bus.publish(catalogue.cancelExperiment, {
        experimentId,
        campaignId: view.campaignId,
        id: messageId,
        data: { experimentId },
      }),
    answers: [],
    elsewhere: async () => {
      const now = await reading.experiment(id);
      return now?.finished ? now.state : null;
    },
    seconds: answerSeconds,
    signal: context.interrupt,
  });
  if (told.kind === 'refused') throw terminal('refused', `the director refuses: ${told.why}`);
  if (told.kind === 'silent') throw retryable('no-answer', `${id} has not ended yet; asi show ${id} tells`);
  context.out.write(`${id} is ${told.answer}\n`);
  return exitCodes.good;
}

/** @throws terminal `experiment-ended`, `measured-baseline` where nothing is left to cancel */
export function refuseWithoutUse({
  id,
  kind,
  state,
  finished,
  measurement,
}: Pick<ExperimentView, 'id' | 'kind' | 'state' | 'finished' | 'measurement'>): void {
  if (finished) throw terminal('experiment-ended', `${id} has ended already: ${state}`);
  // Once all baselines are measured, the campaign's reference counts this one and stays as it is.
  if (kind === 'baseline' && measurement && state !== 'measured')
    throw terminal(
      'measured-baseline',
      `${id} is measured, and its campaign compares with it: nothing is left to cancel`,
    );
}
