import type { ProcessTools } from '@asi/agent-kit';
import { catalogue, derivedMessageId, encodeNonFinite, type Measurement, retryable, terminal } from '@asi/contracts';
import type { Capabilities, FinishedEvent, Program, RunnerClient } from '@asi/runner-client';
import { fromPromise } from 'xstate';
import { jobIdOf, jobSpecOf } from './job-spec.ts';
import type { TrainCommand, Verdict } from './machine.ts';
import { createProgressReporter } from './telemetry.ts';
import { evidenceOf, failureVerdict } from './verdict.ts';

/** The work behind the states of the engineer machine, with a real bus and a real runner. */
export function engineerActors(
  { bus }: Pick<ProcessTools, 'bus'>,
  runner: RunnerClient,
  capabilities: () => Capabilities,
) {
  const keep = async (value: unknown, mediaType: string) =>
    (
      await bus.request('putArtifact', {
        body: typeof value === 'string' ? value : JSON.stringify(value, encodeNonFinite),
        mediaType,
      })
    ).hash;

  const common = ({ data }: TrainCommand) => ({
    campaignId: data.campaignId,
    experimentId: data.experimentId,
    attempt: data.attempt,
    token: data.token,
  });

  return {
    fetchProgram: fromPromise<Program, TrainCommand>(async ({ input: { data } }) => {
      if (data.program.kind === 'builtin') return { origin: 'builtin', builtin: data.program.name };
      const { body } = await bus.request('getArtifact', { hash: data.program.hash });
      if (body === null) throw terminal('artifact-missing', `the archive does not have program ${data.program.hash}`);
      return { origin: data.program.origin, source: body };
    }),

    followJob: fromPromise<FinishedEvent, { command: TrainCommand; program: Program }>(async ({ input, signal }) => {
      const { envelope, data } = input.command;
      const jobId = jobIdOf(data);
      await runner.submit(jobId, jobSpecOf(data, input.program), { signal });
      const progress = createProgressReporter(bus, data, jobId);
      for await (const event of runner.watch(jobId, { signal })) {
        progress.see(event);
        if (event.event.type === 'started') {
          await bus.publish(catalogue.trainingStarted, {
            experimentId: data.experimentId,
            campaignId: data.campaignId,
            id: derivedMessageId(jobId, 'started'),
            cause: envelope,
            attempt: data.attempt,
            data: { ...common(input.command), jobId, runner: bus.source, isolationTier: capabilities().isolation.tier },
          });
        }
        if (event.event.type === 'finished') {
          progress.end();
          return event.event;
        }
      }
      throw retryable('runner-protocol', `the runner ended the stream of ${jobId} early`);
    }),

    keepResult: fromPromise<Verdict, { command: TrainCommand; finished: FinishedEvent }>(
      async ({ input: { finished } }) => {
        const { outcome, provenance, times } = finished;
        if (outcome.status !== 'ok') {
          const evidence = evidenceOf(outcome);
          return failureVerdict(outcome, times, evidence ? await keep(evidence, 'application/json') : null);
        }
        if (outcome.kind !== 'train') throw terminal('runner-protocol', 'a training job answered with a certificate');
        const { raw, curves, ...measured } = outcome.result;
        const measurement: Measurement = {
          ...measured,
          isolationTier: provenance.isolationTier,
          isolationProof: provenance.isolationHash,
          runner: provenance.versions.runner,
          rawHash: await keep(raw, 'application/json'),
          curvesHash: await keep(curves, 'application/json'),
        };
        return { kind: 'measured', measurement };
      },
    ),

    report: fromPromise<void, { command: TrainCommand; verdict: Verdict }>(async ({ input: { command, verdict } }) => {
      const jobId = jobIdOf(command.data);
      const occurrence = {
        experimentId: command.data.experimentId,
        campaignId: command.data.campaignId,
        id: derivedMessageId(jobId, 'report'),
        cause: command.envelope,
        attempt: command.data.attempt,
      };
      if (verdict.kind === 'measured') {
        await bus.publish(catalogue.trained, {
          ...occurrence,
          data: { ...common(command), jobId, measurement: verdict.measurement },
        });
      } else {
        await bus.publish(catalogue.trainingFailed, {
          ...occurrence,
          data: { ...common(command), ...verdict.failure },
        });
      }
    }),
  };
}
