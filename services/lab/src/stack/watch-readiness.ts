import { readFileSync, rmSync } from 'node:fs';
import type { LogLine } from './process-log.ts';
import type { Readiness } from './process-spec.ts';

const fileLookMilliseconds = 50;

/** A watch on one start of a process. */
export interface ProcessWatch {
  onLine(line: LogLine): void;
  cancel(): void;
}

/** Watches for the sign that a process is ready; `onReady` is called once, with the address if one was written. Begin it before the process is started. */
export function watchReadiness(readiness: Readiness, onReady: (address: string | null) => void): ProcessWatch {
  let timer: NodeJS.Timeout | undefined;
  let done = false;
  const cancel = () => {
    done = true;
    clearTimeout(timer);
    clearInterval(timer);
  };
  const ready = (address: string | null = null) => {
    if (done) return;
    cancel();
    onReady(address);
  };
  switch (readiness.kind) {
    case 'spawned':
      timer = setTimeout(() => ready(), 0);
      return { onLine: () => undefined, cancel };
    case 'file':
      // The file of an earlier start says nothing about this one.
      rmSync(readiness.path, { force: true });
      timer = setInterval(() => {
        const address = textOf(readiness.path);
        if (address) ready(address);
      }, fileLookMilliseconds);
      return { onLine: () => undefined, cancel };
    case 'log':
      if (readiness.assumedAfterMilliseconds !== undefined)
        timer = setTimeout(() => ready(), readiness.assumedAfterMilliseconds);
      return { onLine: (line) => line.msg === readiness.message && ready(), cancel };
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}
