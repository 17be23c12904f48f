import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, everyDeadLetter, filterFor, messageOf, trainingProgress } from '@asi/contracts';
import {
  type ArmComparison,
  type JournalLine,
  journalLineOf,
  type Progress,
  type Reached,
  type Reading,
  type Status,
} from '@asi/reading';
import { reachedBefore } from './count-by-line.ts';

/** The last values of one training under way. */
export type TrainingNow = {
  readonly phase: string;
  readonly task: string | null;
  readonly step: number | null;
  readonly steps: number | null;
  readonly loss: number | null;
  /** How much of it is done, in [0, 1]. */
  readonly share: number | null;
};

/** All that the terminal view shows, as last known. */
export type LiveModel = {
  readonly progress: Progress | null;
  /** What had come before the events that are shown; null until it is read. */
  readonly before: Reached | null;
  /** Null where the campaign is not split, and before it is known. */
  readonly arms: ArmComparison | null;
  readonly processes: Status['processes'];
  readonly training: ReadonlyMap<string, TrainingNow>;
  readonly events: readonly JournalLine[];
  /** Why nothing new is known at the moment; null when all is well. */
  readonly trouble: string | null;
};

export type LiveCampaign = {
  model(): LiveModel;
  /**
   * Reads documents and processes anew, those that were read a moment ago only after an event; never throws, a server that
   * is away is trouble and no end.
   */
  refresh(): Promise<void>;
  stop(): Promise<void>;
};

const keptEvents = 100;
const discoverMilliseconds = 3000;
/** Reading every document of a campaign takes processor time that trainings need. */
const documentsMilliseconds = 2000;
/** What is worth a line: how designs were made, measured and ended, what became of campaigns, and what went wrong. */
const eventSubjects = [
  filterFor('evt', 'director', 'campaign-started'),
  filterFor('evt', 'director', 'campaign-changed'),
  filterFor('evt', 'director', 'reference-set'),
  filterFor('evt', 'director', 'settled'),
  filterFor('evt', 'director', 'confirmation-planned'),
  filterFor('evt', 'director', 'confirmation-concluded'),
  filterFor('evt', 'researcher', 'designed'),
  filterFor('evt', 'engineer', 'trained'),
  everyDeadLetter,
];

export type LiveOptions = {
  readonly reading: Reading;
  readonly campaignId: string;
  readonly clock: Clock;
  /** Events after this sequence number of the journal are shown. */
  readonly afterSequence: number;
  readonly onEvent: (line: JournalLine) => void;
  /** What is known to keep the stack from its work, from those who watch its processes. */
  readonly knownTrouble: () => string | null;
};

/** Follows one campaign: documents by looking, events by the journal, training values by telemetry. */
export function followCampaign(options: LiveOptions): LiveCampaign {
  const { reading, campaignId, clock, onEvent } = options;
  const training = new Map<string, TrainingNow>();
  const events: JournalLine[] = [];
  const stopping = new AbortController();
  let progress: Progress | null = null;
  let before: Reached | null = null;
  let arms: ArmComparison | null = null;
  let armsAsOf: string | null = null;
  let processes: Status['processes'] = [];
  let discoveredAt = Number.NEGATIVE_INFINITY;
  let readAt = Number.NEGATIVE_INFINITY;
  let trouble: string | null = null;

  const telemetry = reading.bus.watch(filterFor('tel', 'engineer', 'progress'), ({ subject, data }) => {
    const parsed = trainingProgress.data.safeParse(data);
    if (!parsed.success) return;
    const { phase, task, share, samples } = parsed.data;
    const last = samples.at(-1);
    training.set(subject, {
      phase,
      task: last?.task ?? task,
      step: last?.step ?? null,
      steps: last?.steps ?? null,
      loss: last ? Number(last.loss) : null,
      share,
    });
  });

  const follow = async (): Promise<void> => {
    let next = options.afterSequence + 1;
    while (!stopping.signal.aborted) {
      try {
        const records = reading.bus.journal({
          filters: eventSubjects,
          fromSequence: next,
          follow: true,
          signal: stopping.signal,
        });
        for await (const record of records) {
          next = record.sequence + 1;
          const line = journalLineOf(record);
          if (!concerns(line, campaignId)) continue;
          events.push(line);
          if (events.length > keptEvents) events.shift();
          readAt = Number.NEGATIVE_INFINITY;
          onEvent(line);
        }
      } catch {
        // The broker is away: the journal is read on from the same place when it is back.
        await sleep(500, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  };
  const following = follow();

  // A comparison takes every call and many permutations, and changes with the candidates alone; most campaigns have none.
  const compareArms = async (): Promise<void> => {
    if (!progress) return;
    const now = JSON.stringify(progress.candidates);
    if (now === armsAsOf || (armsAsOf !== null && arms === null)) return;
    arms = await reading.arms(campaignId);
    armsAsOf = now;
  };

  return {
    model: () => ({ progress, before, arms, processes, training, events, trouble }),
    refresh: async () => {
      try {
        const now = clock.now().getTime();
        if (now - readAt >= documentsMilliseconds) {
          readAt = now;
          progress = await reading.progress(campaignId);
          before ??= await reachedBefore(reading, campaignId, options.afterSequence);
          await compareArms();
          const underWay = new Set(progress?.inFlight.map((one) => one.id));
          for (const id of [...training.keys()]) if (!underWay.has(id)) training.delete(id);
        }
        if (now - discoveredAt >= discoverMilliseconds) {
          discoveredAt = now;
          processes = await reading.bus.discover();
        }
        trouble = options.knownTrouble();
      } catch (error) {
        readAt = Number.NEGATIVE_INFINITY;
        trouble = options.knownTrouble() ?? `the servers do not answer, waiting for them: ${messageOf(error)}`;
      }
    },
    stop: async () => {
      stopping.abort();
      telemetry.stop();
      await Promise.race([following, sleep(1000)]);
    },
  };
}

/** Lines of other campaigns (one that `--new` has just cancelled, say) are left out; those of none are everybody's. */
function concerns({ campaignId, experimentId }: JournalLine, shown: string): boolean {
  if (campaignId !== null) return campaignId === shown;
  return experimentId === null || experimentId.startsWith(`${shown}-`);
}
