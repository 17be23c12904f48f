import { type FollowOptions, followJournal } from '@asi/agent-kit';
import { type ArmName, type CampaignId, cancelled, candidateIdOf, catalogue, filterFor } from '@asi/contracts';

/** Knows which designs are decided: designed, or ended otherwise. */
export type DesignOrder = {
  /**
   * Resolves when every candidate of the campaign and the arm that was sampled before this one is decided: what is
   * compared then is compared with the same designs, however many are made at once and whoever is killed. Designs of
   * other arms are no twins of it, and may be waiting for a model that this arm never asks. How long that may take only the
   * director knows, whose deadlines end the earlier one or begin it anew, and this one likewise; while a campaign is held
   * at a cap or for want of a model they stand still, and so does the order.
   * @throws cancelled `design-withdrawn` once the director has ended the candidate or asked for it anew: its place is free then
   */
  untilEarlierDecided(candidate: Candidate, signal: AbortSignal): Promise<void>;
};

type Candidate = {
  readonly campaignId: CampaignId;
  readonly ordinal: number;
  readonly arm: ArmName | null;
  readonly attempt: number;
};

const filters = [catalogue.sampled, catalogue.design, catalogue.designed, catalogue.settled].map(
  ({ kind, owner, name }) => filterFor(kind, owner, name),
);

type Seen = { readonly experimentId: string; readonly arm?: ArmName | null; readonly attempt?: number };

/** Follows the journal from its beginning, until the signal aborts. */
export function followDesignOrder({ bus, log, signal }: Pick<FollowOptions, 'bus' | 'log' | 'signal'>): DesignOrder {
  const decided = new Set<string>();
  /** Sampled before it is decided, and before any later candidate is asked for. */
  const armOf = new Map<string, ArmName | null>();
  const newestAttempt = new Map<string, number>();
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
      const { experimentId, arm, attempt } = envelope.data as Seen;
      if (envelope.type === catalogue.sampled.type) armOf.set(experimentId, arm ?? null);
      else if (envelope.type === catalogue.design.type) newestAttempt.set(experimentId, attempt ?? 1);
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

  const isWithdrawn = ({ campaignId, ordinal, attempt }: Candidate): boolean => {
    const id = candidateIdOf(campaignId, ordinal);
    return decided.has(id) || (newestAttempt.get(id) ?? attempt) > attempt;
  };

  return {
    untilEarlierDecided: (candidate, withdrawn) =>
      new Promise((resolve, reject) => {
        const leave = () => {
          waiting.delete(look);
          withdrawn.removeEventListener('abort', end);
        };
        const end = () => {
          leave();
          resolve();
        };
        const look = () => {
          if (areEarlierDecided(candidate)) return end();
          if (!isWithdrawn(candidate)) return;
          leave();
          reject(cancelled('design-withdrawn', 'the director waits for this try no longer'));
        };
        withdrawn.addEventListener('abort', end, { once: true });
        waiting.add(look);
        if (withdrawn.aborted) end();
        else look();
      }),
  };
}
