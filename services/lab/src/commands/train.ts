import { randomBytes, randomUUID } from 'node:crypto';
import { readdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { campaignSettingsSchema, terminal } from '@asi/contracts';
import { type LeaderboardRow, viewJson } from '@asi/reading';
import type { Certificate, FinishedEvent, JobEventBody, JobSpec, TrainResult } from '@asi/runner-client';
import { Command } from 'commander';
import { makeFolder } from '../stack/make-folder.ts';
import { certificateText } from '../view/certificate-text.ts';
import { paintFor } from '../view/paint.ts';
import { type ShownJob, showJob } from '../view/show-job.ts';
import { sparkline } from '../view/sparkline.ts';
import { trainingText } from '../view/training-text.ts';
import { certifySpec } from './certify.ts';
import type { CliContext } from './cli-context.ts';
import { type CommandDefinition, withExample } from './command-definition.ts';
import { exitCodes } from './exit-codes.ts';
import { certifyingWords } from './job-words.ts';
import { positive, programHelp, programOf } from './program-argument.ts';
import { type RecordedCampaign, recordedCampaign } from './recorded-baselines.ts';
import { failureOf, runProgramJob, withoutResult } from './run-program-job.ts';
import { widthOfOutput } from './width-of-output.ts';
import { withRunner } from './with-runner.ts';

type Options = {
  readonly json?: boolean;
  readonly suite?: string;
  readonly seed?: string;
  readonly seconds?: string;
  readonly checkpoint?: string;
  readonly stops: boolean;
};

const longestSeconds = 86_400;
const suites = campaignSettingsSchema.shape.suite.unwrap().options;

/** `asi train FILE`: trains a program as a campaign would, and scores it beside the baselines that are recorded. */
export const trainCommand: CommandDefinition = (context) => ({
  command: withExample(
    new Command('train')
      .description(
        'train a program as a campaign does and score it on held-out data; exit code 1 when it is no legal mixer, does not train or seems to look ahead',
      )
      .argument('<file>', programHelp)
      .option('--suite <name>', `${suites.join(' or ')}; default: that of the newest campaign`)
      .option('--seed <n>', 'of initialisation and data order; default: that of the candidates')
      .option('--seconds <n>', 'time limit of the certificate and of the training, each; default: that of the campaign')
      .option(
        '--no-stops',
        'train to the end what quality control would stop early; it says what it would have stopped',
      )
      .option('--checkpoint <folder>', 'leave the trained models there, a folder for each task')
      .option(
        '--json',
        'one JSON value: certificate, result and baselines, or why there is no result (see docs/json.md)',
      ),
    'asi train mixer.py',
    'asi train delta-net --suite cpu-smoke --json',
    'asi train published_delta_net.py --checkpoint trained',
  ),
  run: async ([file, options]) => {
    const name = file as string;
    const { json, checkpoint, ...given } = options as Options;
    const program = programOf(name);
    const wanted = wantedOf(given);
    const recorded = await recordedCampaign(context, wanted.seed);
    const spec = trainSpec(program, wanted, recorded);
    const { certificate, result, failed } = await trained(context, spec, checkpoint);
    const paint = paintFor(context.out.isTerminal, context.env);
    const write = (lines: readonly string[]) => context.out.write(`${lines.join('\n')}\n`);
    if (result === null) {
      const failure = failed && failureOf(name, ...failed);
      if (json) context.out.write(`${viewJson({ certificate, result, baselines: [], failure }, 2)}\n`);
      if (failed) throw withoutResult(name, ...failed);
      if (!json && certificate) write(certificateText(name, certificate, paint));
      return exitCodes.no;
    }
    const baselines = baselinesFor(spec, result, recorded);
    if (json) context.out.write(`${viewJson({ certificate, result, baselines: baselines.rows, failure: null }, 2)}\n`);
    else {
      const width = widthOfOutput(context.out);
      write([
        ...trainingText(name, result, baselines.rows, width, paint, certificate),
        ...(baselines.remark ? [baselines.remark] : []),
      ]);
    }
    return result.suspectLeak ? exitCodes.no : exitCodes.good;
  },
});

type Wanted = {
  readonly suite?: string;
  readonly seed?: number;
  readonly wallSeconds?: number;
  readonly stops: boolean;
};

function wantedOf({ suite, seed, seconds, stops }: Options): Wanted {
  if (suite !== undefined && !suites.some((one) => one === suite))
    throw terminal('usage', `--suite ${suite}: there is no such suite; choose ${suites.join(' or ')}`);
  if (seed !== undefined && (seed.trim() === '' || !Number.isSafeInteger(Number(seed))))
    throw terminal('usage', `--seed ${seed}: expected a whole number`);
  return {
    stops,
    ...(suite === undefined ? {} : { suite }),
    ...(seed === undefined ? {} : { seed: Number(seed) }),
    ...(seconds === undefined ? {} : { wallSeconds: positive('--seconds', seconds, longestSeconds) }),
  };
}

function trainSpec(program: JobSpec['program'], wanted: Wanted, recorded: RecordedCampaign | null): JobSpec {
  const settings = recorded?.campaign.settings ?? campaignSettingsSchema.parse({});
  const { limits } = settings;
  return {
    kind: 'train',
    program,
    suite: wanted.suite ?? settings.suite,
    seed: recorded?.seed ?? wanted.seed ?? settings.candidateSeed,
    // Where no campaign is on record there is nothing to compare with.
    evaluationSeed: recorded?.evaluationSeed ?? randomBytes(16).toString('hex'),
    device: settings.device,
    limits: {
      wallSeconds: wanted.wallSeconds ?? limits.wallSeconds,
      memoryBytes: Math.round(limits.memoryGigabytes * 1e9),
    },
    parameterBudget: null,
    ...(wanted.stops && limits.qualityControl !== 'report' ? {} : { reportStops: true }),
    attempt: 1,
    token: randomUUID(),
    labels: { asked: 'asi train' },
  };
}

/** `failed`: the job that ended without a result, of the certificate or of the training. */
type Trained = {
  readonly certificate: Certificate | null;
  readonly result: TrainResult | null;
  readonly failed: readonly [JobSpec, FinishedEvent] | null;
};

/** A program from elsewhere is examined first, as in a campaign: the score of a mixer that looks ahead would mean nothing. */
async function trained(context: CliContext, spec: JobSpec, checkpoint: string | undefined): Promise<Trained> {
  const folder = checkpoint === undefined ? null : checkpointFolder(checkpoint);
  const progress = showJob(context, spec.limits.wallSeconds);
  try {
    return await withRunner(
      context,
      async (runner) => {
        progress.now('waiting for a free slot of the runner');
        let certificate: Certificate | null = null;
        if (spec.program.origin !== 'builtin') {
          const asked = certifySpec(spec.program, null, spec.limits.wallSeconds);
          const finished = await runProgramJob(runner, context, asked, (event) => {
            if (event.type === 'started') progress.begin();
            if (event.type === 'phase') progress.now(certifyingWords[event.phase]);
          });
          const { outcome } = finished;
          if (outcome.status !== 'ok' || outcome.kind !== 'certify')
            return { certificate, result: null, failed: [asked, finished] };
          certificate = outcome.result;
          if (certificate.verdict === 'fail' || certificate.verdict === 'unsupported')
            return { certificate, result: null, failed: null };
        }
        const finished = await runProgramJob(runner, context, spec, curveTeller(progress, spec.reportStops === true));
        const { outcome } = finished;
        if (outcome.status !== 'ok' || outcome.kind !== 'train')
          return { certificate, result: null, failed: [spec, finished] };
        if (folder !== null) lift(folder);
        return { certificate, result: outcome.result, failed: null };
      },
      folder === null ? null : { ASI_RUNNER_CHECKPOINTS: folder.work },
    );
  } finally {
    progress.stop();
    if (folder !== null) rmSync(folder.work, { recursive: true, force: true });
  }
}

type CheckpointFolder = { readonly target: string; readonly work: string };

function checkpointFolder(given: string): CheckpointFolder {
  const target = resolve(given);
  const work = join(target, `.work-${randomUUID()}`);
  try {
    makeFolder(work);
  } catch (error) {
    throw terminal(
      'usage',
      `--checkpoint ${given} cannot be made: ${String(error)}; give a folder that can be written`,
    );
  }
  return { target, work };
}

/** From <folder>/.work/<job>/<task> to <folder>/<task>, over what an earlier training left there. */
function lift({ target, work }: CheckpointFolder): void {
  for (const job of readdirSync(work)) {
    for (const task of readdirSync(join(work, job))) {
      rmSync(join(target, task), { recursive: true, force: true });
      renameSync(join(work, job, task), join(target, task));
    }
  }
}

/** Shows the curve of the task under way, and what quality control would have stopped where it stops nothing. */
function curveTeller(progress: ShownJob, tellsStops: boolean): (event: JobEventBody) => void {
  let [task, losses] = ['', [] as number[]];
  return (event) => {
    if (event.type === 'started') progress.begin();
    if (event.type === 'phase') progress.now(`${event.phase}${event.task ? ` ${event.task}` : ''}`);
    if (tellsStops && event.type === 'log' && event.level === 'warn') progress.note(event.text);
    if (event.type !== 'metric') return;
    if (event.task !== task) [task, losses] = [event.task, []];
    losses.push(Number(event.values.loss));
    const loss = losses.at(-1)?.toFixed(3);
    progress.now(`training ${task}`, `, step ${event.step} of ${event.steps}, loss ${loss} ${sparkline(losses, 24)}`);
  };
}

type Baselines = { readonly rows: readonly LeaderboardRow[]; readonly remark: string | null };

/** The baselines of the newest campaign, where suite and trainer are the same; the secret of the held-out data is. */
function baselinesFor(spec: JobSpec, result: TrainResult, recorded: RecordedCampaign | null): Baselines {
  if (!recorded) return { rows: [], remark: null };
  const { campaign, board } = recorded;
  if (!campaign.yardstick.startsWith(`${spec.suite}/${result.trainerVersion}/`))
    return {
      rows: [],
      remark: `The baselines of ${campaign.id} are not shown: they were measured with another suite or trainer.`,
    };
  return { rows: board?.rows.filter(({ kind }) => kind === 'baseline') ?? [], remark: null };
}
