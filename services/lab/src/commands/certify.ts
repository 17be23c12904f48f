import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { terminal } from '@asi/contracts';
import { viewJson } from '@asi/reading';
import { type Certificate, type FinishedEvent, type JobSpec, jobIdSchema } from '@asi/runner-client';
import { Command } from 'commander';
import { certificateText } from '../view/certificate-text.ts';
import { paintFor } from '../view/paint.ts';
import type { CliContext } from './cli-context.ts';
import { type CommandDefinition, withExample } from './command-definition.ts';
import { exitCodes } from './exit-codes.ts';
import { withRunner } from './with-runner.ts';

type Options = { readonly json?: boolean; readonly budget: string };

/** `asi certify FILE`: whether a program is a legal linear-attention mixer, by execution. */
export const certifyCommand: CommandDefinition = (context) => ({
  command: withExample(
    new Command('certify')
      .description(
        'prove by execution that a program is causal, sub-quadratic and trainable; exit code 1 when it is not',
      )
      .argument('<file>', 'a Python file with a class Mixer(torch.nn.Module), or the name of a built-in: delta-net')
      .option('--budget <ratio>', 'largest ratio of mixer parameters to those of DeltaNet', '1.5')
      .option('--json', 'one JSON value: the certificate (see docs/json.md)'),
    'asi certify mixer.py',
    'asi certify delta-net --json',
  ),
  run: async ([file, options]) => {
    const { json, budget } = options as Options;
    const spec = specOf(programOf(file as string), budgetOf(budget));
    const certificate = resultOf(await certified(context, spec));
    if (json) context.out.write(`${viewJson(certificate, 2)}\n`);
    else {
      const text = certificateText(file as string, certificate, paintFor(context.out.isTerminal, context.env));
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

function budgetOf(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw terminal('usage', `--budget ${text}: expected a number > 0`);
}

const specOf = (program: JobSpec['program'], parameterBudget: number): JobSpec => ({
  kind: 'certify',
  program,
  suite: 'cpu-quick',
  seed: 0,
  evaluationSeed: 'certify',
  device: 'auto',
  limits: { wallSeconds: 120, memoryBytes: 6e9 },
  parameterBudget,
  attempt: 1,
  token: randomUUID(),
  labels: { asked: 'asi certify' },
});

const certified = (context: CliContext, spec: JobSpec): Promise<FinishedEvent> =>
  withRunner(context, async (runner) => {
    const jobId = jobIdSchema.parse(`certify-${randomUUID()}`);
    const { signal } = { signal: context.interrupt };
    await runner.submit(jobId, spec, { signal });
    try {
      return await runner.untilFinished(jobId, { signal });
    } catch (error) {
      if (signal.aborted) await runner.cancel(jobId, { token: spec.token }).catch(() => undefined);
      throw error;
    }
  });

function resultOf({ outcome }: FinishedEvent): Certificate {
  if (outcome.status === 'ok' && outcome.kind === 'certify') return outcome.result;
  const why = outcome.status === 'ok' ? 'the runner answered with another kind of job' : outcome.message;
  const log = outcome.status === 'failed' || outcome.status === 'timeout' ? lastLine(outcome.evidence.logTail) : '';
  throw terminal(
    'not-certified',
    `not certified, ${outcome.status === 'failed' ? outcome.reason : outcome.status}: ${why}${log}`,
  );
}

function lastLine(logTail: string | undefined): string {
  const line = logTail?.trim().split('\n').at(-1);
  return line ? ` (${line})` : '';
}
