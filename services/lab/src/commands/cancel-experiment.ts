import { setTimeout as sleep } from 'node:timers/promises';
import { catalogue, experimentIdSchema, retryable, terminal } from '@asi/contracts';
import type { ExperimentView, Reading } from '@asi/reading';
import type { CliContext } from './cli-context.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

const answerSeconds = 20;
const lookEveryMilliseconds = 150;

/** Ends one experiment, and returns when it has ended. */
export async function cancelExperiment(context: CliContext, reading: Reading, id: string): Promise<ExitCode> {
  const view = await reading.experiment(id);
  if (!view) throw terminal('no-experiment', `there is no experiment ${id}; asi status shows what is under way`);
  refuseWithoutUse(view);
  const experimentId = experimentIdSchema.parse(id);
  await reading.bus.publish(catalogue.cancelExperiment, {
    experimentId,
    campaignId: view.campaignId,
    data: { experimentId },
  });
  for (let waited = 0; waited < answerSeconds * 1000; waited += lookEveryMilliseconds) {
    const now = await reading.experiment(id);
    if (now?.finished) {
      context.out.write(`${id} is ${now.state}\n`);
      return exitCodes.good;
    }
    await sleep(lookEveryMilliseconds);
  }
  throw retryable('no-answer', `${id} has not ended yet; asi show ${id} tells`);
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
