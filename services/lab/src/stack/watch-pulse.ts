import { isPulse, pulseSeconds } from '@asi/contracts';
import type { ProcessWatch } from './watch-readiness.ts';

/**
 * Watches a process that hangs: alive, connected, and silent. `onSilence` is called once.
 *
 * W1. Who has given no sign of life yet is not watched: programs that give none may be members of the house, and the
 *     start of a process is what its readiness watches.
 * W2. Silence is counted in looks, and not by the clock: after a suspended machine, or a frozen supervisor, wakes up,
 *     one look has passed, however long it slept.
 * @param silenceSeconds longest silence, rounded up to whole looks of `pulseSeconds`; 0 watches nothing
 */
export function watchPulse(silenceSeconds: number, onSilence: () => void): ProcessWatch {
  const looks = Math.ceil(silenceSeconds / pulseSeconds);
  let timer: NodeJS.Timeout | undefined;
  let silent = 0;
  const cancel = () => clearInterval(timer);
  const look = () => {
    silent += 1;
    if (silent < looks) return;
    cancel();
    onSilence();
  };
  return {
    cancel,
    onLine(line) {
      if (!isPulse(line) || looks === 0) return;
      silent = 0;
      timer ??= setInterval(look, pulseSeconds * 1000);
    },
  };
}
