import type { CliContext } from '../commands/cli-context.ts';
import { duration } from './format.ts';
import { fit } from './text-width.ts';

export type ShownCertifying = {
  /** What happens now, in words. */
  now(doing: string): void;
  stop(): void;
};

const tickMilliseconds = 1000;
/** A quick certificate needs no words beside it. */
const silentSeconds = 4;
/** Without a terminal: a line when something else begins, and at least this often. */
const repeatSeconds = 15;

/** Says on standard error how long an examination has been going on, and with what; on a terminal in one line that is redrawn. */
export function showCertifying({ error, clock }: CliContext, limitSeconds: number): ShownCertifying {
  const startedAt = clock.now().getTime();
  let doing = 'starting a runner, which proves its sandbox first';
  let written: { readonly doing: string; readonly seconds: number } | null = null;
  const tick = () => {
    const seconds = (clock.now().getTime() - startedAt) / 1000;
    if (seconds < silentSeconds) return;
    const line = `${duration(seconds)} (limit ${duration(limitSeconds)}): ${doing}`;
    if (error.isTerminal) error.write(`\r\u001b[2K${fit(line, error.columns() - 1)}`);
    else if (written?.doing !== doing || seconds - written.seconds >= repeatSeconds) error.write(`${line}\n`);
    else return;
    written = { doing, seconds };
  };
  const timer = setInterval(tick, tickMilliseconds);
  return {
    now: (next) => {
      doing = next;
    },
    stop: () => {
      clearInterval(timer);
      if (error.isTerminal && written) error.write('\r\u001b[2K');
    },
  };
}
