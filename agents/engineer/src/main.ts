import { onceAsked, runProcess, runTask } from '@asi/agent-kit';
import type { Delivery } from '@asi/bus';
import { catalogue, type DataOf, filterFor, retryable, terminal, trainAgain } from '@asi/contracts';
import { cancelJobsOf, connectRunner, type JobSpec } from '@asi/runner-client';
import { engineerActors } from './actors.ts';
import { awaitRedelivery } from './await-redelivery.ts';
import { awaitRunner } from './await-runner.ts';
import { createCancellations } from './cancellations.ts';
import { jobIdOf } from './job-spec.ts';
import { engineerMachine } from './machine.ts';
import type { EngineerMind } from './mind.ts';
import { createTrainingPlaces } from './training-places.ts';

const trainSlots = (slots: ReadonlyArray<{ kind: JobSpec['kind']; total: number }>) =>
  slots.find((one) => one.kind === 'train')?.total ?? 0;

/** Commands that may wait for a model while others train in their slots; one more holds its slot while it waits. */
const mendedAtOnce = 4;

await runProcess({
  role: 'engineer',
  version: '0.1.0',
  boot: async (tools) => {
    const { bus, board, clock, environment, log, stopping } = tools;
    const url = process.env.ASI_RUNNER_URL;
    if (!url) throw terminal('environment-invalid', 'ASI_RUNNER_URL is not set: an engineer works beside one runner');
    const runner = connectRunner(url);
    let capabilities = await awaitRunner(runner, stopping);
    const refresh = setInterval(async () => {
      capabilities = await runner.capabilities().catch(() => capabilities);
    }, 5000);
    const cancelled = createCancellations();
    const llm = onceAsked(async () =>
      (await import('./llm/load-mind.ts')).loadMind(tools, runner, () => capabilities, process.env),
    );
    const slots = trainSlots(capabilities.slots);
    if (slots === 0) throw retryable('no-slots', `the runner at ${url} has no training slot`);

    const cancellations = bus.watch(filterFor('cmd', 'engineer', 'cancel'), (envelope) => {
      const { experimentId, token, why } = catalogue.cancelTraining.data.parse(envelope.data);
      cancelled.cancel(token);
      void cancelJobsOf(runner, { experimentId, token }).then(
        (kept) => {
          for (const { jobId, error } of kept) log.info({ jobId, err: String(error) }, 'not cancelled');
        },
        (error: unknown) => log.warn({ experimentId, why, err: String(error) }, 'cancel failed'),
      );
    });
    await awaitRedelivery(runner, capabilities.started, environment.leaseSeconds, clock, stopping);

    // The runner's own queue is in order: what is tried again stands in it before the next command is even taken.
    const lane = (durable: string, { kind, owner, name }: typeof catalogue.train | typeof trainAgain) => {
      const places = createTrainingPlaces(slots);
      const mind = async (): Promise<EngineerMind> => {
        const { mend } = await llm();
        return { mend: (failed, signal) => places.aside(() => mend(failed, signal)) };
      };
      const machine = engineerMachine.provide({
        actors: engineerActors(tools, runner, () => capabilities, cancelled, { llm: mind }),
      });
      return {
        durable,
        filters: [filterFor(kind, owner, name)],
        concurrency: slots + mendedAtOnce,
        places,
        handle: ({ envelope, signal }: Delivery) => {
          const data = envelope.data as DataOf<'train'>;
          return cancelled.during(data.token, () =>
            runTask(
              machine,
              { command: { envelope, data } },
              { key: jobIdOf(data), experimentId: data.experimentId, board, signal },
            ),
          );
        },
      };
    };

    return {
      consume: [lane('engineer_again', trainAgain), lane('engineer', catalogue.train)],
      details: () => ({
        runner: url,
        slots,
        running: capabilities.slots.reduce((sum, one) => sum + one.running, 0),
        isolationTier: capabilities.isolation.tier,
        isolation: capabilities.isolation.recipe,
        devices: capabilities.devices.join(' '),
        trainerVersion: capabilities.versions.trainer,
        torch: capabilities.versions.torch,
      }),
      drain: async () => {
        clearInterval(refresh);
        cancellations.stop();
        runner.close();
      },
    };
  },
});
