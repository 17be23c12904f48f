import { flushCompileCache } from 'node:module';
import { type Bus, type ConsumeOptions, type Consumption, connectBus } from '@asi/bus';
import { beginPulse, type Clock, isAsiError, messageOf, type ProcessStatus, systemClock } from '@asi/contracts';
import { createActor, fromPromise, waitFor } from 'xstate';
import { type Environment, readEnvironment } from './environment.ts';
import { createLog, type Log } from './log.ts';
import { isOverAlready } from './over-already.ts';
import { processMachine } from './process-machine.ts';
import { createTaskBoard, describeState, type TaskBoard } from './task.ts';
import { createWaitBoard, type WaitBoard } from './wait-board.ts';

export type ProcessTools = {
  readonly bus: Bus;
  readonly log: Log;
  readonly environment: Environment;
  readonly clock: Clock;
  readonly board: TaskBoard;
  readonly waits: WaitBoard;
  /** Aborts when the process begins to drain. */
  readonly stopping: AbortSignal;
  /** Ends the process with an error, for what only a restart can mend. */
  readonly fault: (error: unknown) => void;
};

/** What a role adds to the life that every process has. */
export type RoleWork = {
  readonly consume?: ReadonlyArray<Omit<ConsumeOptions, 'onDeadLetter' | 'onError' | 'leaseSeconds'>>;
  /** Endpoints of the role, served beside the status that every process has. */
  readonly serve?: (announcement: Awaited<ReturnType<Bus['announce']>>) => void;
  readonly details?: () => ProcessStatus['details'];
  readonly drain?: () => Promise<void>;
};

export type ProcessDefinition = {
  readonly role: string;
  readonly version: string;
  readonly boot: (tools: ProcessTools) => Promise<RoleWork>;
};

const drainSeconds = 6;
const isCancelled = (error: unknown): boolean => isAsiError(error) && error.kind === 'cancelled';

/** Runs a process of the house from start to exit: environment, broker, work, health, signals. Never returns before the end. */
export async function runProcess({ role, version, boot }: ProcessDefinition): Promise<never> {
  const clock = systemClock;
  let environment: Environment;
  try {
    environment = readEnvironment(process.env);
  } catch (error) {
    process.stderr.write(`${role}: ${messageOf(error)}\n`);
    process.exit(2);
  }
  const log = createLog(role, environment.instance, environment.logLevel);
  if (environment.pulse) beginPulse();
  const board = createTaskBoard(clock.now);
  const waitBoard = createWaitBoard();
  const stopping = new AbortController();
  const startedAt = clock.now().toISOString();
  let deadLetters = 0;
  // Messages that no handler saw, because they are none of ours.
  let unreadable = 0;
  let bus: Bus | null = null;
  let work: RoleWork = {};
  let announcement: Awaited<ReturnType<Bus['announce']>> | null = null;
  const consumptions: Consumption[] = [];

  const status = (): ProcessStatus => {
    const snapshot = actor.getSnapshot();
    const waits = waitBoard.list();
    return {
      role,
      instance: environment.instance,
      version,
      state: describeState(snapshot.value),
      tasks: board.list(),
      handled: snapshot.context.handled,
      failed: snapshot.context.failed + unreadable,
      deadLetters,
      startedAt,
      memoryBytes: process.memoryUsage.rss(),
      details: work.details?.() ?? {},
      ...(waits.length > 0 ? { waits } : {}),
    };
  };

  const bootUp = async (): Promise<void> => {
    bus = await connectBus({ url: environment.natsUrl, source: `${role}/${environment.instance}`, clock });
    const tools: ProcessTools = {
      bus,
      log,
      environment,
      clock,
      board,
      waits: waitBoard,
      stopping: stopping.signal,
      fault,
    };
    work = await boot(tools);
    announcement = await bus.announce(status);
    work.serve?.(announcement);
    for (const options of work.consume ?? []) {
      consumptions.push(
        await bus.consume({
          ...options,
          leaseSeconds: environment.leaseSeconds,
          handle: async (delivery) => {
            const { id, type, subject } = delivery.envelope;
            log.debug({ messageId: id, type, experimentId: subject, redeliveries: delivery.redeliveries }, 'taken');
            if (
              role !== 'director' &&
              bus &&
              (await isOverAlready(bus, delivery.envelope, delivery.redeliveries, clock))
            ) {
              log.info({ type, experimentId: subject }, 'dropped: the experiment is settled already');
              return;
            }
            actor.send({ type: 'TASK_STARTED' });
            let failed = true;
            try {
              await options.handle(delivery);
              failed = false;
              log.debug({ messageId: id, type, experimentId: subject }, 'handled');
            } catch (error) {
              // Work that nobody wants any more is done with, and no failed try.
              failed = !isCancelled(error);
              throw error;
            } finally {
              actor.send({ type: 'TASK_ENDED', failed });
            }
          },
          onError: (error, envelope) => {
            const terminalError = (error as { kind?: string }).kind === 'terminal';
            if (terminalError) deadLetters++;
            if (terminalError && !envelope) unreadable++;
            log.warn(
              { err: messageOf(error), type: envelope?.type, experimentId: envelope?.subject },
              terminalError ? 'dead letter' : isCancelled(error) ? 'done with' : 'will be tried again',
            );
          },
        }),
      );
    }
  };

  const drain = async (): Promise<void> => {
    stopping.abort();
    await Promise.race([
      (async () => {
        await Promise.all(consumptions.map((one) => one.stop()));
        await work.drain?.();
        await announcement?.stop();
        await bus?.close();
      })(),
      new Promise((resolve) => setTimeout(resolve, drainSeconds * 1000)),
    ]);
  };

  const actor = createActor(
    processMachine.provide({ actors: { boot: fromPromise(bootUp), drain: fromPromise(drain) } }),
  );
  function fault(error: unknown): void {
    log.fatal({ err: messageOf(error) }, 'cannot go on');
    process.exit(1);
  }
  const stop = () => actor.send({ type: 'STOP' });
  process.on('SIGTERM', stop);
  process.on('SIGINT', () => {
    // A Ctrl-C in the terminal reaches every process of the group; under the supervisor it is the supervisor that stops us.
    if (!environment.supervised) stop();
  });
  process.on('uncaughtException', fault);
  process.on('unhandledRejection', fault);
  let ready = false;
  actor.subscribe((snapshot) => {
    if (ready || !snapshot.matches('ready')) return;
    ready = true;
    log.info('ready');
    // At the exit it would take seconds of the ten in which everything must be gone.
    flushCompileCache();
  });
  actor.start();
  log.info({ version, pid: process.pid }, 'starting');
  const final = await waitFor(actor, (snapshot) => snapshot.status === 'done', { timeout: Number.POSITIVE_INFINITY });
  if (final.value === 'faulted') {
    log.fatal({ err: final.context.fault }, 'could not start');
    process.exit(1);
  }
  log.info('stopped');
  process.exit(0);
}
