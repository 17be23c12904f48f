import { readFileSync } from 'node:fs';

const ticksPerSecond = 100;

/** Processor seconds that a process and its ended children have used so far. Linux only; 0 for one that is gone. */
export function processorSeconds(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0) / ticksPerSecond;
  } catch {
    return 0;
  }
}

/** Resident and proportional memory of a process in bytes. Proportional: what is shared is counted once over all. */
export function memoryOf(pid: number): { resident: number; proportional: number } {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    const kilobytes = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);
    return { resident: kilobytes('Rss') * 1024, proportional: kilobytes('Pss') * 1024 };
  } catch {
    return { resident: 0, proportional: 0 };
  }
}
