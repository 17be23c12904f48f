import type { Log } from '@asi/agent-kit';
import type { Bus } from '@asi/bus';
import { type CampaignId, candidateIdOf, catalogue, filterFor, messageOf } from '@asi/contracts';

/** Knows which designs are decided: designed, or ended otherwise. */
export type DesignOrder = {
  /**
   * Resolves when every candidate of the campaign that was sampled before this one is decided: what is compared then is
   * compared with the same designs, however many are made at once and whoever is killed. An earlier one that is stuck is
   * waited for only so long: its next try may need the place of those that wait for it.
   */
  untilEarlierDecided(
    candidate: { readonly campaignId: CampaignId; readonly ordinal: number },
    signal: AbortSignal,
  ): Promise<void>;
};

type Options = {
  readonly bus: Pick<Bus, 'journal'>;
  readonly log: Pick<Log, 'warn'>;
  /** Ends the reading of the journal. */
  readonly signal: AbortSignal;
  readonly patienceMilliseconds?: number;
};

const filters = [catalogue.designed, catalogue.settled].map(({ kind, owner, name }) => filterFor(kind, owner, name));
const defaultPatienceMilliseconds = 600_000;
const pauseMilliseconds = 300;

/** Follows the journal from its beginning, until the signal aborts. */
export function followDesignOrder({
  bus,
  log,
  signal,
  patienceMilliseconds = defaultPatienceMilliseconds,
}: Options): DesignOrder {
  const decided = new Set<string>();
  /** Ordinals of a campaign up to which all are decided. */
  const decidedUpTo = new Map<CampaignId, number>();
  const waiting = new Set<() => void>();

  const follow = async (): Promise<void> => {
    for (let next = 1; !signal.aborted; ) {
      try {
        for await (const record of bus.journal({ filters, fromSequence: next, follow: true, signal })) {
          next = record.sequence + 1;
          const { experimentId } = (record.envelope?.data ?? {}) as { readonly experimentId?: string };
          if (experimentId === undefined || decided.has(experimentId)) continue;
          decided.add(experimentId);
          for (const look of waiting) look();
        }
      } catch (error) {
        log.warn({ err: messageOf(error) }, 'the journal cannot be read; will be tried again');
      }
      if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, pauseMilliseconds));
    }
  };
  void follow();

  const areDecided = (campaignId: CampaignId, upTo: number): boolean => {
    let reached = decidedUpTo.get(campaignId) ?? 0;
    while (reached < upTo && decided.has(candidateIdOf(campaignId, reached + 1))) reached++;
    decidedUpTo.set(campaignId, reached);
    return reached >= upTo;
  };

  return {
    untilEarlierDecided: ({ campaignId, ordinal }, withdrawn) =>
      new Promise((resolve) => {
        const end = () => {
          waiting.delete(look);
          clearTimeout(timer);
          withdrawn.removeEventListener('abort', end);
          resolve();
        };
        const look = () => {
          if (areDecided(campaignId, ordinal - 1)) end();
        };
        const timer = setTimeout(() => {
          log.warn({ campaignId, ordinal }, 'an earlier design is not decided; this one no longer waits for it');
          end();
        }, patienceMilliseconds);
        withdrawn.addEventListener('abort', end, { once: true });
        waiting.add(look);
        if (withdrawn.aborted) end();
        else look();
      }),
  };
}
