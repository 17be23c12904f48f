import { isPulse, pulseSeconds } from '@asi/contracts';
import type { ProcessWatch } from './watch-readiness.ts';

/**
 * Watches a process that hangs: alive, connected, and silent. `onSilence` is called once.
 *
 * W1. Who is not known to give signs of life and has given none is not watched: any program may be a member of the house.
 * W2. Silence is counted in looks, and not by the clock: after a suspended machine, or a frozen supervisor, wakes up,
 *     one look has passed, however long it slept.
 * @param silenceSeconds longest silence, rounded up to whole looks of `pulseSeconds`; 0 watches nothing
 * @param fromStart whether it gives signs from its start on: then it is watched before the first, too
 */
export function watchPulse(silenceSeconds: number, fromStart: boolean, onSilence: () => void): ProcessWatch {
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
  const begin = () => {
    if (looks > 0) timer ??= setInterval(look, pulseSeconds * 1000);
  };
  if (fromStart) begin();
  return {
    cancel,
    onLine(line) {
      if (!isPulse(line)) return;
      silent = 0;
      begin();
    },
  };
}
