import type { CliContext } from '../commands/cli-context.ts';
import { duration } from './format.ts';
import { fit } from './text-width.ts';

export type ShownJob = {
  /** What happens now, in words; the detail changes often and is for terminals only. */
  now(doing: string, detail?: string): void;
  /** Something that stays to be read. */
  note(text: string): void;
  /** The limit counts from here: a job has been taken from its queue. */
  begin(): void;
  stop(): void;
};

const tickMilliseconds = 1000;
/** A quick answer needs no words beside it. */
const silentSeconds = 4;
/** Without a terminal: a line when something else begins, and at least this often. */
const repeatSeconds = 15;

/** Says on standard error how long a job has been going on, and with what; on a terminal in one line that is redrawn. */
export function showJob({ error, clock }: CliContext, limitSeconds: number): ShownJob {
  let startedAt = clock.now().getTime();
  let limit = '';
  let doing = 'starting a runner, which proves its sandbox first';
  let detail = '';
  let written: { readonly doing: string; readonly seconds: number } | null = null;
  const tick = () => {
    const seconds = (clock.now().getTime() - startedAt) / 1000;
    if (seconds < silentSeconds) return;
    const line = `${duration(seconds)}${limit}: ${doing}`;
    if (error.isTerminal) error.write(`\r\u001b[2K${fit(`${line}${detail}`, error.columns() - 1)}`);
    else if (written?.doing !== doing || seconds - written.seconds >= repeatSeconds) error.write(`${line}\n`);
    else return;
    written = { doing, seconds };
  };
  const timer = setInterval(tick, tickMilliseconds);
  return {
    now: (next, more = '') => {
      doing = next;
      detail = more;
    },
    note: (text) => {
      error.write(`${error.isTerminal && written ? '\r\u001b[2K' : ''}${text}\n`);
      written = null;
    },
    begin: () => {
      startedAt = clock.now().getTime();
      limit = ` (limit ${duration(limitSeconds)})`;
      written = null;
    },
    stop: () => {
      clearInterval(timer);
      if (error.isTerminal && written) error.write('\r\u001b[2K');
    },
  };
}
