import { type FollowOptions, followJournal } from '@asi/agent-kit';
import { type ArmName, type CampaignId, candidateIdOf, catalogue, filterFor } from '@asi/contracts';

/** Knows which designs are decided: designed, or ended otherwise. */
export type DesignOrder = {
  /**
   * Resolves when every candidate of the campaign and the arm that was sampled before this one is decided: what is
   * compared then is compared with the same designs, however many are made at once and whoever is killed. Designs of
   * other arms are no twins of it, and may be waiting for a model that this arm never asks. An earlier one that is stuck
   * is waited for only so long: its next try may need the place of those that wait for it.
   */
  untilEarlierDecided(candidate: Candidate, signal: AbortSignal): Promise<void>;
};

type Candidate = { readonly campaignId: CampaignId; readonly ordinal: number; readonly arm: ArmName | null };

type Options = Pick<FollowOptions, 'bus' | 'log' | 'signal'> & { readonly patienceMilliseconds?: number };

const filters = [catalogue.sampled, catalogue.designed, catalogue.settled].map(({ kind, owner, name }) =>
  filterFor(kind, owner, name),
);
const defaultPatienceMilliseconds = 600_000;

/** Follows the journal from its beginning, until the signal aborts. */
export function followDesignOrder({
  bus,
  log,
  signal,
  patienceMilliseconds = defaultPatienceMilliseconds,
}: Options): DesignOrder {
  const decided = new Set<string>();
  /** Sampled before it is decided, and before any later candidate is asked for. */
  const armOf = new Map<string, ArmName | null>();
  /** Ordinals up to which all of an arm of a campaign are decided. */
  const decidedUpTo = new Map<string, number>();
  const waiting = new Set<() => void>();

  void followJournal({
    bus,
    log,
    filters,
    signal,
    see: ({ envelope }) => {
      if (!envelope) return;
      const { experimentId, arm } = envelope.data as { readonly experimentId: string; readonly arm?: ArmName | null };
      if (envelope.type === catalogue.sampled.type) armOf.set(experimentId, arm ?? null);
      else if (decided.has(experimentId)) return;
      else decided.add(experimentId);
      for (const look of waiting) look();
    },
  });

  const areEarlierDecided = ({ campaignId, ordinal, arm }: Candidate): boolean => {
    const isPassed = (id: string) => decided.has(id) || (armOf.get(id) ?? arm) !== arm;
    const key = [campaignId, arm].join('\u0000');
    let reached = decidedUpTo.get(key) ?? 0;
    while (reached < ordinal - 1 && isPassed(candidateIdOf(campaignId, reached + 1))) reached++;
    decidedUpTo.set(key, reached);
    return reached >= ordinal - 1;
  };

  return {
    untilEarlierDecided: (candidate, withdrawn) =>
      new Promise((resolve) => {
        const end = () => {
          waiting.delete(look);
          clearTimeout(timer);
          withdrawn.removeEventListener('abort', end);
          resolve();
        };
        const look = () => {
          if (areEarlierDecided(candidate)) end();
        };
        const timer = setTimeout(() => {
          const { campaignId, ordinal } = candidate;
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
