import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process id alone is reused; together with the time it started it names one process. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in whatever form the system gives; only compared. */
  readonly startTime: string;
}

function linuxStartTime(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets and may hold anything; state and start time are fields 3 and 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    return `${fields[19]}@${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}`;
  } catch {
    return null;
  }
}

function startTimeByPs(pid: number): string | null {
  try {
    const [state = '', ...started] = execFileSync('ps', ['-o', 'state=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
    })
      .trim()
      .split(/\s+/);
    return state.startsWith('Z') || started.length === 0 ? null : started.join(' ');
  } catch {
    return null;
  }
}

/** When the process with this id started, or null when there is none (a zombie counts as none). */
export const startTimeOf = (pid: number): string | null =>
  process.platform === 'linux' ? linuxStartTime(pid) : startTimeByPs(pid);

/** Names the process that has this id now; null when there is none. */
export function identify(pid: number): ProcessIdentity | null {
  const startTime = startTimeOf(pid);
  return startTime === null ? null : { pid, startTime };
}

export const isAlive = (identity: ProcessIdentity): boolean => startTimeOf(identity.pid) === identity.startTime;

/** Waits until the process is gone; false when it is still there after the limit. */
export async function waitUntilGone(identity: ProcessIdentity, limitMilliseconds: number): Promise<boolean> {
  for (let waited = 0; isAlive(identity); waited += 50) {
    if (waited >= limitMilliseconds) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return true;
}

/** SIGKILL for the process and its process group, if it is still the same process. */
export function killGroup(identity: ProcessIdentity): void {
  if (!isAlive(identity)) return;
  for (const target of [-identity.pid, identity.pid]) {
    try {
      process.kill(target, 'SIGKILL');
    } catch {
      // Gone between the look and the signal, or it leads no group.
    }
  }
}
