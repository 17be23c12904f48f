import { runnerContract } from '@asi/runner-client/contract-suite';
import { exampleSpec } from './testing/example-spec.ts';
import { startRestartable } from './testing/start-restartable.ts';

runnerContract({
  name: 'the runner',
  start: () => startRestartable({}),
  quick: exampleSpec('none'),
  endless: exampleSpec('hang'),
});
