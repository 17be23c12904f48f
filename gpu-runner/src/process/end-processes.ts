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

/** State and process group; null when the process is gone. A zombie is gone: nothing runs, and its parent may never reap it. */
const groupOf = (pid: number): number | null => {
  const stat = read(`/proc/${pid}/stat`);
  const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state === undefined || state === '' || state === 'Z' || state === 'X' ? null : Number(group);
};

/** Whether a mark in the environment is this one, or begins with it where it ends in a slash. */
const carries = (pid: number, mark: string): boolean => {
  const wanted = `\0${markVariable}=${mark}${mark.endsWith('/') ? '' : '\0'}`;
  return `\0${read(`/proc/${pid}/environ`)}`.includes(wanted);
};

/**
 * Living processes that belong to a job: of its group, or carrying its mark wherever they moved (a new session, a new parent). A mark that
 * ends in a slash stands for all that begin with it. Linux only; elsewhere none are found.
 */
export const processesOf = (leader: number | null, mark: string): number[] => {
  if (process.platform !== 'linux') return [];
  const pids = readdirSync('/proc').map(Number);
  return pids.filter((pid) => {
    if (!(pid > 1) || pid === process.pid) return false;
    const group = groupOf(pid);
    return group !== null && (group === leader || carries(pid, mark));
  });
};

/** Kills a group and everything that carries the mark, until nothing is left. Errors: when something outlives SIGKILL for 5 s. */
export const killAll = async (leader: number | null, mark: string): Promise<void> => {
  for (let round = 0; round < 100; round += 1) {
    const group = leader !== null && signalGroup(leader, 'SIGKILL');
    const left = processesOf(leader, mark);
    for (const pid of left) send(pid, 'SIGKILL');
    if (left.length === 0 && (process.platform === 'linux' || !group)) return;
    await sleep(round < 10 ? 5 : 50);
  }
  throw new Error(`processes of ${mark} survive SIGKILL; look at them with ps`);
};
