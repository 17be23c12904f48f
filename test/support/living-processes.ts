import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { identify, isAlive, type ProcessIdentity } from '../../services/lab/src/stack/process-identity.ts';

export type LivingProcess = ProcessIdentity & { readonly parent: number; readonly command: string };

/** Every process of this machine that is alive (a zombie is not), with all that tells where it belongs. */
function everyProcess(): Array<LivingProcess & { readonly belongings: string }> {
  if (process.platform !== 'linux') {
    return execFileSync('ps', ['-axo', 'pid=,ppid=,command='], { encoding: 'utf8' })
      .split('\n')
      .flatMap((line) => {
        const [, pid, parent, command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
        const identity = identify(Number(pid));
        return identity ? [{ ...identity, parent: Number(parent), command, belongings: command }] : [];
      });
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const identity = identify(Number(name));
      if (!identity) return [];
      const command = read(`/proc/${name}/cmdline`).replaceAll('\0', ' ').trim();
      const stat = read(`/proc/${name}/stat`);
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      return [
        { ...identity, parent, command, belongings: `${command}\n${read(`/proc/${name}/environ`)}\n${cwd(name)}` },
      ];
    });
}

/** Processes whose command line, environment or working folder names the folder; not the one that asks. */
export const processesNaming = (folder: string): LivingProcess[] =>
  everyProcess().filter(({ pid, belongings }) => pid !== process.pid && belongings.includes(folder));

/** The process and all that descend from it now. */
export function familyOf(pid: number): LivingProcess[] {
  const all = everyProcess();
  const family = all.filter((one) => one.pid === pid);
  for (const member of family) family.push(...all.filter((one) => one.parent === member.pid));
  return family;
}

/** Waits until none is left. @returns those that still live after the limit, as text */
export async function survivors(
  family: readonly LivingProcess[],
  folder: string,
  limitSeconds: number,
): Promise<string[]> {
  for (let waited = 0; ; waited += 50) {
    const left = [...family.filter(isAlive), ...processesNaming(folder)];
    if (left.length === 0 || waited >= limitSeconds * 1000) return left.map(({ pid, command }) => `${pid} ${command}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

function cwd(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}
