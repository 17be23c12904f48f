import { writeWhole } from '../ledger/durable-file.ts';
import { startNullRunner } from './null-runner.ts';

// A null runner as a process of its own, in the place of main.ts: the same ASI_RUNNER_* variables, and ASI_NULL_DELAY_MILLISECONDS.
const { ASI_RUNNER_HOME, ASI_RUNNER_ADDRESS, ASI_RUNNER_ADDRESS_FILE, ASI_RUNNER_SLOTS, ASI_SUPERVISED } = process.env;
const runner = await startNullRunner({
  ...(ASI_RUNNER_HOME === undefined ? {} : { home: ASI_RUNNER_HOME }),
  ...(ASI_RUNNER_ADDRESS === undefined ? {} : { address: ASI_RUNNER_ADDRESS }),
  slots: Number(ASI_RUNNER_SLOTS ?? 1),
  delayMilliseconds: Number(process.env.ASI_NULL_DELAY_MILLISECONDS ?? 0),
  logLevel: process.env.ASI_LOG_LEVEL ?? 'info',
});
const stop = () => void runner.stop().then(() => process.exit(0));
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
if (ASI_SUPERVISED === '1') process.stdin.on('end', stop).on('error', stop).resume();
if (ASI_RUNNER_ADDRESS_FILE !== undefined) {
  writeWhole(ASI_RUNNER_ADDRESS_FILE, `${runner.url.replace('grpc://', '')}\n`, false);
}
