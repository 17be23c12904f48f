import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { terminal } from '@asi/contracts';
import { viewJson } from '@asi/reading';
import { type Certificate, type FinishedEvent, type JobSpec, jobIdSchema } from '@asi/runner-client';
import { Command } from 'commander';
import { certificateText } from '../view/certificate-text.ts';
import { paintFor } from '../view/paint.ts';
import { showCertifying } from '../view/show-certifying.ts';
import { printable } from '../view/text-width.ts';
import type { CliContext } from './cli-context.ts';
import { type CommandDefinition, withExample } from './command-definition.ts';
import { exitCodes } from './exit-codes.ts';
import { withRunner } from './with-runner.ts';

type Options = { readonly json?: boolean; readonly budget: string; readonly seconds: string };

const defaultSeconds = 120;
const longestSeconds = 86_400;

/** `asi certify FILE`: whether a program is a legal linear-attention mixer, by execution. */
export const certifyCommand: CommandDefinition = (context) => ({
  command: withExample(
    new Command('certify')
      .description(
        'prove by execution that a program is causal, sub-quadratic and trainable; exit code 1 when it is not',
      )
      .argument('<file>', 'a Python file with a class Mixer(torch.nn.Module), or the name of a built-in: delta-net')
      .option('--budget <ratio>', 'largest ratio of mixer parameters to those of DeltaNet', '1.5')
      .option(
        '--seconds <n>',
        'time limit; a program that has not passed by then is not certified',
        `${defaultSeconds}`,
      )
      .option('--json', 'one JSON value: the certificate (see docs/json.md)'),
    'asi certify mixer.py',
    'asi certify delta-net --json',
    'asi certify slow.py --seconds 600',
  ),
  run: async ([file, options]) => {
    const { json, budget, seconds } = options as Options;
    const name = file as string;
    const spec = specOf(
      programOf(name),
      positive('--budget', budget, Number.MAX_VALUE),
      positive('--seconds', seconds, longestSeconds),
    );
    const certificate = resultOf(name, spec, await certified(context, spec));
    if (json) context.out.write(`${viewJson(certificate, 2)}\n`);
    else {
      const text = certificateText(name, certificate, paintFor(context.out.isTerminal, context.env));
      context.out.write(`${text.join('\n')}\n`);
    }
    return certificate.verdict === 'pass' || certificate.verdict === 'flagged' ? exitCodes.good : exitCodes.no;
  },
});

const builtinName = /^[a-z0-9]+(-[a-z0-9]+)*$/;

function programOf(file: string): JobSpec['program'] {
  try {
    const source = readFileSync(file, 'utf8');
    if (source.trim() === '') throw terminal('usage', `${file} is empty: a Python file with a class Mixer is needed`);
    return { origin: 'foreign', source };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && builtinName.test(file)) return { origin: 'builtin', builtin: file };
    if (code === 'ENOENT') throw terminal('usage', `${file}: there is no such file`);
    if (code === 'EISDIR') throw terminal('usage', `${file} is a folder: give a Python file`);
    throw error;
  }
}

function positive(option: string, text: string, largest: number): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value <= largest) return value;
  const bound = largest === Number.MAX_VALUE ? '' : ` and <= ${largest}`;
  throw terminal('usage', `${option} ${text}: expected a number > 0${bound}`);
}

const specOf = (program: JobSpec['program'], parameterBudget: number, wallSeconds: number): JobSpec => ({
  kind: 'certify',
  program,
  suite: 'cpu-quick',
  seed: 0,
  evaluationSeed: 'certify',
  device: 'auto',
  limits: { wallSeconds, memoryBytes: 6e9 },
  parameterBudget,
  attempt: 1,
  token: randomUUID(),
  labels: { asked: 'asi certify' },
});

const certified = async (context: CliContext, spec: JobSpec): Promise<FinishedEvent> => {
  const progress = showCertifying(context, spec.limits.wallSeconds);
  try {
    return await withRunner(context, async ({ client, signal }) => {
      const jobId = jobIdSchema.parse(`certify-${randomUUID()}`);
      await client.submit(jobId, spec, { signal });
      progress.now('waiting for a free slot of the runner');
      try {
        for await (const { event } of client.watch(jobId, { signal })) {
          if (event.type === 'phase') progress.now(doing[event.phase] + (event.task ? `: ${event.task}` : ''));
          if (event.type === 'finished') return event;
        }
        return await client.untilFinished(jobId, { signal });
      } catch (error) {
        if (context.interrupt.aborted) await client.cancel(jobId, { token: spec.token }).catch(() => undefined);
        throw error;
      }
    });
  } finally {
    progress.stop();
  }
};

const doing = {
  starting: 'starting Python and PyTorch',
  training: 'training',
  evaluating: 'evaluating',
  certifying: 'importing the program and testing it',
  reporting: 'checking the certificate',
} as const;

function resultOf(name: string, { limits }: JobSpec, { outcome }: FinishedEvent): Certificate {
  if (outcome.status === 'ok' && outcome.kind === 'certify') return outcome.result;
  if (outcome.status === 'timeout')
    throw terminal(
      'not-certified',
      `${name} is not certified: it was still running after ${limits.wallSeconds} s, the time limit; an endless loop does so, for a slow program raise it with --seconds${lastLine(outcome.evidence.logTail)}`,
    );
  if (outcome.status === 'lost')
    throw terminal(
      'runner-gone',
      `${name} is not examined: the runner ended meanwhile (${outcome.message}); try again`,
    );
  const why = outcome.status === 'ok' ? 'the runner answered with another kind of job' : outcome.message;
  const log = outcome.status === 'failed' ? lastLine(outcome.evidence.logTail) : '';
  const reason = outcome.status === 'failed' ? outcome.reason : outcome.status;
  throw terminal('not-certified', `${name} is not certified, ${reason}: ${why}${log}`);
}

function lastLine(logTail: string | undefined): string {
  const line = logTail?.trim().split('\n').at(-1);
  return line ? ` (it said last: ${printable(line).slice(0, 300)})` : '';
}
