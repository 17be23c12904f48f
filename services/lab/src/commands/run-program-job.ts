import { randomUUID } from 'node:crypto';
import { terminal } from '@asi/contracts';
import { type FinishedEvent, type JobEventBody, type JobSpec, jobIdSchema } from '@asi/runner-client';
import { printable } from '../view/text-width.ts';
import type { CliContext } from './cli-context.ts';
import type { LentRunner } from './with-runner.ts';

/** Has a lent runner do a job to its end, telling each event; Ctrl-C cancels it. */
export async function runProgramJob(
  { client, signal }: LentRunner,
  { interrupt }: CliContext,
  spec: JobSpec,
  tell: (event: JobEventBody) => void,
): Promise<FinishedEvent> {
  const jobId = jobIdSchema.parse(`${spec.kind}-${randomUUID()}`);
  await client.submit(jobId, spec, { signal });
  try {
    for await (const { event } of client.watch(jobId, { signal })) {
      tell(event);
      if (event.type === 'finished') return event;
    }
    return await client.untilFinished(jobId, { signal });
  } catch (error) {
    if (interrupt.aborted) await client.cancel(jobId, { token: spec.token }).catch(() => undefined);
    throw error;
  }
}

const words = {
  certify: { code: 'not-certified', not: 'is not certified', yet: 'is not examined' },
  train: { code: 'not-trained', not: 'is not trained', yet: 'is not trained' },
  probe: { code: 'not-probed', not: 'shows nothing', yet: 'is not looked at' },
} as const;

/** Why a job has no result, as one sentence for whoever gave the program. */
export function withoutResult(name: string, { kind, limits }: JobSpec, { outcome }: FinishedEvent) {
  const { code, not, yet } = words[kind];
  if (outcome.status === 'timeout')
    return terminal(
      code,
      `${name} ${not}: it was still running after ${limits.wallSeconds} s, the time limit; an endless loop does so, for a slow program raise it with --seconds${lastLine(outcome.evidence.logTail)}`,
    );
  if (outcome.status === 'lost')
    return terminal('runner-gone', `${name} ${yet}: the runner ended meanwhile (${outcome.message}); try again`);
  const why = outcome.status === 'ok' ? 'the runner answered with another kind of job' : inOptions(outcome.message);
  const log = outcome.status === 'failed' ? lastLine(outcome.evidence.logTail, outcome.message) : '';
  const reason = outcome.status === 'failed' ? outcome.reason : outcome.status;
  return terminal(code, `${name} ${not}, ${reason}: ${why}${log}`);
}

/** The same for whoever reads JSON: `code` is the reason of the failed job, or how it ended. */
export function failureOf(name: string, spec: JobSpec, finished: FinishedEvent) {
  const { code, message } = withoutResult(name, spec, finished);
  const { outcome } = finished;
  if (outcome.status === 'ok') return { code, message };
  return { code: outcome.status === 'failed' ? outcome.reason : outcome.status, message };
}

/** The trainer advises by the field of a job, which a campaign file has too and a command line has not. */
const inOptions = (message: string): string => message.replaceAll('raise wallSeconds', 'raise --seconds');

/** Of an exception the message has what Python said last already, in other white space and without a full stop. */
function lastLine(logTail: string | undefined, message = ''): string {
  const line = printable(logTail?.trim().split('\n').at(-1) ?? '').slice(0, 300);
  const words = (text: string) => text.replaceAll(/\s+/g, ' ').trim().replace(/\.$/, '');
  return line && !words(message).includes(words(line)) ? ` (it said last: ${line})` : '';
}
