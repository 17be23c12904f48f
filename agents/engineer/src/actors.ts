import type { Minds, ProcessTools } from '@asi/agent-kit';
import {
  catalogue,
  derivedMessageId,
  encodeNonFinite,
  type Measurement,
  type Mind,
  retryable,
  terminal,
} from '@asi/contracts';
import type { Capabilities, FinishedEvent, Program, RunnerClient } from '@asi/runner-client';
import { fromPromise } from 'xstate';
import type { Cancellations } from './cancellations.ts';
import type { FirstSteps } from './first-steps/first-steps.ts';
import { tryFirstSteps } from './first-steps/try-first-steps.ts';
import { jobIdOf, jobSpecOf } from './job-spec.ts';
import type { EngineerMind, FailedTraining, Mending } from './mind.ts';
import { createProgressReporter } from './telemetry.ts';
import type { FollowedWork, ReportWork, TrainCommand, TrainWork, Verdict } from './train-work.ts';
import { causeOf, evidenceOf, failureVerdict } from './verdict.ts';
import { watchForSlot } from './watch-for-slot.ts';

/** The work behind the states of the engineer machine, with a real bus and a real runner. */
export function engineerActors(
  { bus }: Pick<ProcessTools, 'bus'>,
  runner: RunnerClient,
  capabilities: () => Capabilities,
  cancellations: Cancellations,
  minds: Minds<EngineerMind, Exclude<Mind, 'offline'>>,
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

    tryFirstSteps: fromPromise<FirstSteps, TrainWork>(async ({ input, signal }) => {
      const { devices, isolation } = capabilities();
      const { device, token } = input.command.data;
      // Nothing that a model changes runs on such a runner, so there is nothing to try it for.
      if (isolation.tier === 0) return { kind: 'sound' };
      const calledOff = cancellations.signalOf(token);
      const onCpu = device === 'cpu' || !devices.includes('cuda');
      try {
        const outcome = await tryFirstSteps(runner, input, onCpu, AbortSignal.any([signal, calledOff]));
        if (outcome === null) return { kind: 'sound' };
        const evidence = evidenceOf(outcome);
        const evidenceHash = evidence ? await keep(evidence, 'application/json') : null;
        return { kind: 'faulty', outcome, cause: { ...causeOf(outcome), evidenceHash } };
      } catch (error) {
        // Whoever called it off hears of it by the training, which is cancelled as any other.
        if (calledOff.aborted) return { kind: 'sound' };
        throw error;
      }
    }),

    followJob: fromPromise<FinishedEvent, FollowedWork>(async ({ input, signal }) => {
      const { envelope, data } = input.command;
      const jobId = jobIdOf(data, input.revisions);
      const { job } = await runner.submit(jobId, jobSpecOf(data, input.program), { signal });
      // It may have been cancelled while no job of it was there to be found.
      if (cancellations.signalOf(data.token).aborted) await runner.cancel(jobId, { token: data.token }, { signal });
      const progress = createProgressReporter(bus, data, jobId);
      const waiting = new AbortController();
      void watchForSlot(runner, job, input.onSlot, AbortSignal.any([signal, waiting.signal]));
      try {
        for await (const told of runner.watch(jobId, { signal })) {
          const { event } = told;
          progress.see(told);
          if (event.type === 'finished') {
            progress.end();
            return event;
          }
          if (!waiting.signal.aborted) input.onSlot();
          waiting.abort();
          if (event.type === 'started') {
            // A job that is taken up again after a long pause began long ago, and that was said.
            await bus.publishOnce(catalogue.trainingStarted, {
              experimentId: data.experimentId,
              campaignId: data.campaignId,
              id: derivedMessageId(jobId, 'started'),
              cause: envelope,
              attempt: data.attempt,
              data: {
                ...common(input.command),
                jobId,
                runner: bus.source,
                isolationTier: capabilities().isolation.tier,
              },
            });
          }
        }
      } finally {
        waiting.abort();
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
        if (outcome.kind !== 'train')
          throw terminal('runner-protocol', 'a training job answered with another kind of result');
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

    mend: fromPromise<Mending, FailedTraining>(async ({ input, signal }) => {
      const { mind, token } = input.command.data;
      if (mind === 'offline') throw terminal('bug', 'the offline engineer was asked to mend');
      const calledOff = cancellations.signalOf(token);
      try {
        return await (await minds[mind]()).mend(input, AbortSignal.any([signal, calledOff]));
      } catch (error) {
        if (calledOff.aborted) return { kind: 'given-up', why: 'it was cancelled meanwhile' };
        throw error;
      }
    }),

    report: fromPromise<void, ReportWork>(async ({ input: { command, verdict, revisions } }) => {
      const changes = [...revisions];
      const occurrence = {
        experimentId: command.data.experimentId,
        campaignId: command.data.campaignId,
        // Of the attempt, whatever was trained last: a command that is done again must not report twice.
        id: derivedMessageId(jobIdOf(command.data), 'report'),
        cause: command.envelope,
        attempt: command.data.attempt,
      };
      if (verdict.kind === 'measured') {
        await bus.publish(catalogue.trained, {
          ...occurrence,
          data: {
            ...common(command),
            jobId: jobIdOf(command.data, revisions),
            measurement: verdict.measurement,
            revisions: changes,
          },
        });
      } else {
        await bus.publish(catalogue.trainingFailed, {
          ...occurrence,
          data: { ...common(command), ...verdict.failure, revisions: changes },
        });
      }
    }),
  };
}
