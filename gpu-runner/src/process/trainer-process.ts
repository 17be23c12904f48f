import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { killAll, markVariable, signalGroup } from './end-processes.ts';
import { jobCommand, jobEnvironment, type Trainer } from './job-command.ts';

export type TrainerPlace = Trainer & {
  ledgerId: string;
  /** The argv prefix that isolates a worker in this slot. */
  launcher: (slot: number) => string[];
};

/** The trainer's own process of one job, and everything that it starts. */
export type TrainerProcess = {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  /** Stands in the environment of each of its processes. */
  readonly mark: string;
  /** The argv prefix of its workers. */
  readonly launcher: string[];
  /** How its own process ended, in words. Does not reject. */
  readonly exit: Promise<string>;
  /** Asks it to stop, and makes it stop after the grace. */
  readonly stop: (graceMilliseconds: number) => void;
  /** Kills what is left of it. Errors: something outlives SIGKILL. */
  readonly killRest: () => Promise<void>;
  /** Removes its temporary files, once nothing of it is left. */
  readonly removeFiles: () => void;
};

/** Starts a trainer that waits for its specification. `name` is its own among those of this ledger, `folder` for its temporary files. */
export const startTrainer = (
  place: TrainerPlace,
  { name, slot, folder, options = () => [] }: StartTrainer,
): TrainerProcess => {
  const mark = `${place.ledgerId}/${name}`;
  // The trainer gives workers sessions and environments of their own: the mark goes with the launcher.
  const launcher = ['/usr/bin/env', `${markVariable}=${mark}`, ...place.launcher(slot)];
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const [command, ...args] = jobCommand(place, options(launcher));
  const child = spawn(command, args, {
    cwd: folder,
    env: jobEnvironment(place, folder, mark),
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const exit = exitOf(child);
  // One that could not be started for want of file descriptors has no pipes.
  child.stdin?.on('error', () => undefined);
  let kill: NodeJS.Timeout | undefined;
  let killAt = Number.POSITIVE_INFINITY;
  return {
    child,
    mark,
    launcher,
    exit,
    stop: (grace) => {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
      const leader = child.pid;
      signalGroup(leader, grace > 0 ? 'SIGTERM' : 'SIGKILL');
      // Asking again may shorten the grace, never lengthen it.
      if (Date.now() + grace >= killAt) return;
      killAt = Date.now() + grace;
      clearTimeout(kill);
      kill = setTimeout(signalGroup, grace, leader, 'SIGKILL');
    },
    killRest: () => killAll(child.pid ?? null, mark),
    removeFiles: () => {
      clearTimeout(kill);
      removeQuietly(folder);
    },
  };
};

export type StartTrainer = {
  name: string;
  slot: number;
  folder: string;
  /** Options of `python -m trainer job`, given the argv prefix of its workers. */
  options?: (launcher: readonly string[]) => readonly string[];
};

const exitOf = (child: TrainerProcess['child']): Promise<string> =>
  new Promise((resolve) => {
    // `exit` and not `close`: a grandchild may hold the pipes open for ever.
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
    child.once('error', (error) => resolve(`could not be started: ${error.message}`));
  });

/** What a program made unremovable costs disk space, not the job its result. */
const removeQuietly = (folder: string): void => {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // It goes with the job's folder when the ledger forgets the job.
  }
};
