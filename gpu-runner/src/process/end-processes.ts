import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** The environment variable that marks every process of a job: `<ledger id>/<job id>`. */
export const markVariable = 'ASI_RUNNER_JOB';

/** Signals a process group; false when there is none left. */
export const signalGroup = (leader: number, signal: NodeJS.Signals | 0): boolean => {
  try {
    process.kill(-leader, signal);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

const environmentOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
};

const isZombie = (pid: number): boolean => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat[stat.lastIndexOf(')') + 2] === 'Z';
  } catch {
    return true;
  }
};

/** Living processes whose mark begins with `mark`, wherever they moved (a new session, a new parent). Linux only; elsewhere none are found. */
export const markedProcesses = (mark: string): number[] => {
  if (process.platform !== 'linux') return [];
  const wanted = `\0${markVariable}=${mark}`;
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 1 && pid !== process.pid && `\0${environmentOf(pid)}`.includes(wanted) && !isZombie(pid));
};

/** Kills a group and everything that carries the mark, until nothing is left. Errors: when something outlives SIGKILL for 5 s. */
export const killAll = async (leader: number | null, mark: string): Promise<void> => {
  for (let round = 0; round < 100; round += 1) {
    const group = leader !== null && signalGroup(leader, 'SIGKILL');
    const marked = markedProcesses(mark);
    for (const pid of marked) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended by itself in between.
      }
    }
    if (!group && marked.length === 0) return;
    await sleep(round < 10 ? 5 : 50);
  }
  throw new Error(`processes of ${mark} survive SIGKILL; look at them with ps`);
};
