import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { messageOf } from '@asi/contracts';
import type { JobId, JobOutcome } from '@asi/runner-client';
import type { Assignment, Executor } from '../queue/executor.ts';
import { trainerSpecification } from './job-command.ts';
import { logTail } from './log-tail.ts';
import { identityOf } from './process-identity.ts';
import { readLines } from './read-lines.ts';
import { createStandby, type StandbyOptions } from './standby.ts';
import { parseTrainerLine, type TrainerEvent } from './trainer-event.ts';
import { startTrainer, type TrainerPlace, type TrainerProcess } from './trainer-process.ts';

export type ProcessExecutorOptions = TrainerPlace & {
  /** Where training jobs leave their trained models, one folder a job; null or absent: nowhere. */
  checkpoints?: string | null;
  runnerVersion: string;
  /** Folder for the job's temporary files; removed afterwards. */
  folderOf: (jobId: JobId) => string;
  /** Where trainers are made ready before there is a job for them; absent: nowhere, and none are. */
  standby?: Pick<StandbyOptions, 'folder' | 'waitMilliseconds'>;
  /** Seconds after which a job with this budget is killed. */
  wallLimitSeconds?: (budgetSeconds: number) => number;
  /** A trainer that has said how it ended gets this long to leave. Default 5 s. */
  leaveMilliseconds?: number;
};

const graceMilliseconds = 5_000;
// A train result with its raw arrays is well under 1 MiB.
const eventLimits = { lineBytes: 8 * 1024 * 1024, totalBytes: 64 * 1024 * 1024 };
const logLimits = { keep: 16 * 1024, total: 64 * 1024 * 1024 };

/** A longer timer would fire at once. */
const longestTimer = 2 ** 31 - 1;

/**
 * How the trainer's own process ends when somebody outside ends it: a person, the kernel for want of memory. It runs no candidate (its
 * workers do, and their deaths it reports itself), so nothing is known about the program.
 */
const fromOutside = /^signal SIG(KILL|TERM|INT|HUP)$/;

/** Reads what is still in the pipe once every process of the job is gone. Something that escaped may hold it open: not for long then. */
const drained = (stream: Readable): Promise<void> =>
  new Promise((resolve) => {
    if (stream.readableEnded || stream.destroyed) return resolve();
    const giveUp = setTimeout(() => stream.destroy(), 1_000);
    stream.once('close', () => {
      clearTimeout(giveUp);
      resolve();
    });
  });

const optionsOf = ({ checkpoints }: ProcessExecutorOptions, { jobId, spec }: Assignment): readonly string[] =>
  checkpoints && spec.kind === 'train' ? ['--checkpoints', join(checkpoints, jobId)] : [];

/** Runs each job as one Python process in a process group of its own, and leaves no process behind. */
export const createProcessExecutor = (options: ProcessExecutorOptions): Executor => {
  const wallLimitSeconds = options.wallLimitSeconds ?? ((budget: number) => 1.2 * budget + 60);

  // What waits is started without a folder for its models.
  const standby = options.standby && !options.checkpoints ? createStandby({ ...options, ...options.standby }) : null;

  const run = async (assignment: Assignment, { child, mark, launcher, exit, stop, killRest }: TrainerProcess) => {
    const { jobId, spec } = assignment;
    let reported: JobOutcome | null = null;
    let broken: JobOutcome | null = null;
    const breakOff = (outcome: JobOutcome, grace: number) => {
      broken ??= outcome;
      stop(grace);
    };
    const fault = (reason: 'bad-frame' | 'environment', message: string) =>
      breakOff({ status: 'failed', reason, message, evidence: { logTail: tail() } }, 0);
    const tail = logTail(child.stderr, logLimits.keep, logLimits.total, () =>
      fault('bad-frame', `the job wrote more than ${logLimits.total} bytes of log: let the program print less`),
    );
    readLines(
      child.stdout,
      eventLimits,
      (line) => {
        if (reported !== null || broken !== null) return;
        let event: TrainerEvent;
        try {
          event = parseTrainerLine(line, options.runnerVersion);
        } catch (error) {
          const start = line.slice(0, 200);
          return fault('bad-frame', `the trainer wrote a line that is no event (${messageOf(error)}): ${start}`);
        }
        if (event.type === 'finished') {
          reported = event.outcome;
          leave = setTimeout(stop, options.leaveMilliseconds ?? 5_000, 0);
          return;
        }
        try {
          assignment.onEvent(event);
        } catch (error) {
          fault('environment', `the ledger cannot be written (${messageOf(error)}): free disk space`);
        }
      },
      (message) => fault('bad-frame', `the trainer ${message}`),
    );
    let leave: NodeJS.Timeout | undefined;
    const limit = wallLimitSeconds(spec.limits.wallSeconds);
    const wall = setTimeout(
      () => {
        const message = `the job was killed after ${Math.round(limit)} s; make the program faster or raise wallSeconds`;
        breakOff({ status: 'timeout', message, evidence: { logTail: tail() } }, graceMilliseconds);
      },
      Math.min(limit * 1000, longestTimer),
    );

    // Invariant: the ledger knows the process before the process gets its work.
    assignment.onLaunch(child.pid === undefined ? null : identityOf(child.pid), mark);
    child.stdin.end(trainerSpecification(jobId, spec, launcher));
    const end = await exit;
    clearTimeout(wall);
    await killRest();
    await Promise.all([drained(child.stdout), drained(child.stderr)]);
    clearTimeout(leave);
    if (reported !== null) return reported;
    if (broken !== null) return broken;
    if (fromOutside.test(end)) {
      const message = `the trainer was killed from outside (${end}): nothing is known about the program, run it again`;
      return { status: 'lost', message } satisfies JobOutcome;
    }
    const reason = child.pid === undefined ? ('environment' as const) : ('crashed' as const);
    const why = tail() === '' ? '' : '; the log tail says why';
    const message = `the trainer ended without a result (${end})${why}`;
    return { status: 'failed', reason, message, evidence: { logTail: tail(), end } } satisfies JobOutcome;
  };

  return {
    run: (assignment) => {
      const { jobId, slot } = assignment;
      const trainer =
        standby?.take(slot) ??
        startTrainer(options, {
          name: jobId,
          slot,
          folder: join(options.folderOf(jobId), 'tmp'),
          options: () => optionsOf(options, assignment),
        });
      const outcome = run(assignment, trainer)
        .catch(async (error): Promise<JobOutcome> => {
          // What even SIGKILL does not end cannot be waited for; the message says that it is there.
          await trainer.killRest().catch(() => undefined);
          return { status: 'failed', reason: 'environment', message: messageOf(error), evidence: {} };
        })
        .finally(trainer.removeFiles);
      return { outcome, stop: trainer.stop };
    },
    ...(standby && { prepare: standby.prepare, close: standby.close }),
  };
};
