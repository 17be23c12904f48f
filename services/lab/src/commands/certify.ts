import { randomUUID } from 'node:crypto';
import { viewJson } from '@asi/reading';
import type { FinishedEvent, JobSpec } from '@asi/runner-client';
import { Command } from 'commander';
import { certificateText } from '../view/certificate-text.ts';
import { paintFor } from '../view/paint.ts';
import { showJob } from '../view/show-job.ts';
import type { CliContext } from './cli-context.ts';
import { type CommandDefinition, withExample } from './command-definition.ts';
import { exitCodes } from './exit-codes.ts';
import { certifyingWords } from './job-words.ts';
import { positive, programHelp, programOf } from './program-argument.ts';
import { failureOf, runProgramJob, withoutResult } from './run-program-job.ts';
import { withRunner } from './with-runner.ts';

type Options = {
  readonly json?: boolean;
  readonly full?: boolean;
  readonly budget?: string;
  readonly seconds: string;
};

const defaultSeconds = 120;
const longestSeconds = 86_400;

/** `asi certify FILE`: whether a program is a legal linear-attention mixer, by execution. */
export const certifyCommand: CommandDefinition = (context) => ({
  command: withExample(
    new Command('certify')
      .description(
        'prove by execution that a program is causal, sub-quadratic and trainable; exit code 1 when it is not',
      )
      .argument('<file>', programHelp)
      .option(
        '--budget <ratio>',
        'largest ratio of mixer parameters to those of DeltaNet; without it the ratio is reported, no part of the verdict',
      )
      .option('--full', 'also torch.compile and length extrapolation; about 5 CPU-seconds more')
      .option(
        '--seconds <n>',
        'time limit; a program that has not passed by then is not certified',
        `${defaultSeconds}`,
      )
      .option('--json', 'one JSON value: the certificate, or why there is none (see docs/json.md)'),
    'asi certify mixer.py',
    'asi certify delta-net --json',
    'asi certify slow.py --seconds 600',
  ),
  run: async ([file, options]) => {
    const { json, full, budget, seconds } = options as Options;
    const name = file as string;
    const spec = certifySpec(
      programOf(name),
      budget === undefined ? null : positive('--budget', budget, Number.MAX_VALUE),
      positive('--seconds', seconds, longestSeconds),
      full ?? false,
    );
    const finished = await certified(context, spec);
    const { outcome } = finished;
    if (outcome.status !== 'ok' || outcome.kind !== 'certify') {
      const failure = failureOf(name, spec, finished);
      if (json) context.out.write(`${viewJson({ program: name, verdict: null, failure }, 2)}\n`);
      throw withoutResult(name, spec, finished);
    }
    const certificate = outcome.result;
    if (json) context.out.write(`${viewJson(certificate, 2)}\n`);
    else {
      const text = certificateText(name, certificate, paintFor(context.out.isTerminal, context.env));
      context.out.write(`${text.join('\n')}\n`);
    }
    return certificate.verdict === 'pass' || certificate.verdict === 'flagged' ? exitCodes.good : exitCodes.no;
  },
});

/** A job that examines a program. */
export const certifySpec = (
  program: JobSpec['program'],
  parameterBudget: number | null,
  wallSeconds: number,
  full = false,
): JobSpec => ({
  kind: 'certify',
  program,
  suite: 'cpu-quick',
  seed: 0,
  evaluationSeed: 'certify',
  device: 'auto',
  limits: { wallSeconds, memoryBytes: 6e9 },
  parameterBudget,
  ...(full && { full: true }),
  attempt: 1,
  token: randomUUID(),
  labels: { asked: 'asi certify' },
});

const certified = async (context: CliContext, spec: JobSpec): Promise<FinishedEvent> => {
  const progress = showJob(context, spec.limits.wallSeconds);
  try {
    return await withRunner(context, (runner) => {
      progress.now('waiting for a free slot of the runner');
      return runProgramJob(runner, context, spec, (event) => {
        if (event.type === 'started') progress.begin();
        if (event.type === 'phase') progress.now(certifyingWords[event.phase]);
      });
    });
  } finally {
    progress.stop();
  }
};
