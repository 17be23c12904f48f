import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** The environment variable that marks every process of a job: `<ledger id>/<job id>`. */
export const markVariable = 'ASI_RUNNER_JOB';

const send = (target: number, signal: NodeJS.Signals | 0): boolean => {
  try {
    process.kill(target, signal);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** Signals a process group; false when there is none left. */
export const signalGroup = (leader: number, signal: NodeJS.Signals): boolean => send(-leader, signal);

const read = (path: string): string => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
};

type Living = { readonly group: number; readonly ofKernel: boolean };

/** PF_KTHREAD of the flags in /proc/PID/stat. */
const kernelThread = 0x0020_0000;

/** Null when the process is gone. A zombie is gone: nothing runs, and its parent may never reap it. */
const livingOf = (pid: number): Living | null => {
  const stat = read(`/proc/${pid}/stat`);
  const [state, , group, , , , flags] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (state === undefined || state === '' || state === 'Z' || state === 'X') return null;
  return { group: Number(group), ofKernel: (Number(flags) & kernelThread) !== 0 };
};

/** Whether a mark in an environment is this one, or begins with it where it ends in a slash. */
const carries = (environment: string, mark: string): boolean =>
  `\0${environment}`.includes(`\0${markVariable}=${mark}${mark.endsWith('/') ? '' : '\0'}`);

/** A look that falls between two images of an exec finds a command line and no environment: so often in a row it does not. */
const looksAtEmpty = 5;

/** Null in the middle of an exec, when a process has neither command line nor environment. */
const environmentOf = (pid: number): string | null => {
  for (let looks = 1; ; looks += 1) {
    const environment = read(`/proc/${pid}/environ`);
    if (environment !== '' || looks === looksAtEmpty) return environment;
    if (read(`/proc/${pid}/cmdline`) === '') return null;
  }
};

type Look = {
  readonly found: number[];
  /** Processes that cannot be told now, in the middle of an exec. */
  readonly changing: number;
};

const look = (leader: number | null, mark: string): Look => {
  if (process.platform !== 'linux') return { found: [], changing: 0 };
  let changing = 0;
  const found = readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      if (!(pid > 1) || pid === process.pid) return false;
      const living = livingOf(pid);
      if (living === null || living.ofKernel) return false;
      if (living.group === leader) return true;
      const environment = environmentOf(pid);
      if (environment === null) changing += 1;
      return environment !== null && carries(environment, mark);
    });
  return { found, changing };
};

/**
 * Living processes that belong to a job: of its group, or carrying its mark wherever they moved (a new session, a new parent). A mark that
 * ends in a slash stands for all that begin with it. One in the middle of an exec may be missing. Linux only; elsewhere none are found.
 */
export const processesOf = (leader: number | null, mark: string): number[] => look(leader, mark).found;

/** Rounds for which an exec that does not end is waited for: a process may also have been started with nothing at all. */
const patience = 20;

/** Kills a group and everything that carries the mark, until nothing is left. Errors: when something outlives SIGKILL for 5 s. */
export const killAll = async (leader: number | null, mark: string): Promise<void> => {
  for (let round = 0, unclear = 0; round < 100; round += 1) {
    const group = leader !== null && signalGroup(leader, 'SIGKILL');
    const { found, changing } = look(leader, mark);
    for (const pid of found) send(pid, 'SIGKILL');
    unclear = found.length === 0 && changing > 0 ? unclear + 1 : 0;
    const isClear = changing === 0 || unclear > patience;
    if (found.length === 0 && isClear && (process.platform === 'linux' || !group)) return;
    await sleep(round < 10 ? 5 : 50);
  }
  throw new Error(`processes of ${mark} survive SIGKILL; look at them with ps`);
};
