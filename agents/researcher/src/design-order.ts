import { type FollowOptions, followJournal } from '@asi/agent-kit';
import { type CampaignId, candidateIdOf, catalogue, filterFor } from '@asi/contracts';

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

type Options = Pick<FollowOptions, 'bus' | 'log' | 'signal'> & { readonly patienceMilliseconds?: number };

const filters = [catalogue.designed, catalogue.settled].map(({ kind, owner, name }) => filterFor(kind, owner, name));
const defaultPatienceMilliseconds = 600_000;

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

  void followJournal({
    bus,
    log,
    filters,
    signal,
    see: ({ envelope }) => {
      const { experimentId } = (envelope?.data ?? {}) as { readonly experimentId?: string };
      if (experimentId === undefined || decided.has(experimentId)) return;
      decided.add(experimentId);
      for (const look of waiting) look();
    },
  });

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
