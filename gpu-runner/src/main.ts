import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beginPulse, isAsiError, messageOf, systemClock } from '@asi/contracts';
import pino from 'pino';
import { rememberedExamination } from './doctor/remembered-examination.ts';
import { readEnvironment } from './environment.ts';
import { writeWhole } from './ledger/durable-file.ts';
import { createProcessExecutor } from './process/process-executor.ts';
import { slotsOf, startRunnerService } from './runner.ts';
import { describeTrainer } from './trainer-description/describe-trainer.ts';

/** From one design's certificate to its training it is seconds; longer, and the memory is worth more than the time. */
const standbyMilliseconds = 60_000;

const version = (): string => JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')).version;

const main = async (): Promise<void> => {
  const environment = readEnvironment(process.env);
  const log = pino({ level: environment.logLevel, base: { process: 'gpu-runner' } });
  if (environment.pulse) beginPulse();
  // The file of an earlier run would say that this one is ready.
  if (environment.addressFile !== null) rmSync(environment.addressFile, { force: true });
  const { python, trainerPath, home, launcher: launcherPath } = environment;
  const slots = slotsOf(environment.trainingSlots);
  const examination = rememberedExamination({
    python,
    trainerPath,
    launcher: launcherPath,
    mode: environment.isolation,
    memory: environment.proof,
    clock: systemClock,
  });
  // A missing Python is reported as that, and not as a missing sandbox.
  examination.catch(() => undefined);
  const description = await describeTrainer({ python, trainerPath });
  const { isolation, launcher } = await examination;
  const runnerVersion = version();
  const runner = await startRunnerService({
    address: environment.address,
    home,
    slots,
    isolation,
    offer: { ...description, versions: { runner: runnerVersion, ...description.versions } },
    executor: (ledger) =>
      createProcessExecutor({
        python,
        trainerPath,
        checkpoints: environment.checkpoints,
        runnerVersion,
        ledgerId: ledger.id,
        folderOf: ledger.folder,
        standby: { folder: join(home, 'standby'), waitMilliseconds: standbyMilliseconds },
        launcher,
      }),
    clock: systemClock,
    log,
  });
  const stop = () => {
    runner.stop().then(
      () => process.exit(0),
      (error) => {
        log.fatal({ error: messageOf(error) }, 'could not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  if (environment.supervised) process.stdin.on('end', stop).on('error', stop).resume();
  // Last, because whoever waits for the file submits as soon as it is there.
  if (environment.addressFile !== null) writeWhole(environment.addressFile, `${runner.address}\n`, false);
};

main().catch((error) => {
  const log = pino({ base: { process: 'gpu-runner' } });
  log.fatal(
    isAsiError(error) ? { code: error.code } : { stack: error instanceof Error ? error.stack : undefined },
    messageOf(error),
  );
  process.exitCode = 1;
});
