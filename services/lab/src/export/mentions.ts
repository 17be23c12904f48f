import { namedArtifacts } from './named-artifacts.ts';

/** Who names an artifact, and as what. */
export type Mention = { readonly experimentId: string | null; readonly as: string };

/** Which artifacts are named, each once, with everyone who names it. Holds hashes only, never a body. */
export type Mentions = {
  see(experimentId: string | null, value: unknown): void;
  readonly count: () => number;
  all(): Iterable<readonly [hash: string, mentions: readonly Mention[]]>;
};

export function collectMentions(): Mentions {
  const byHash = new Map<string, Map<string, Mention>>();
  return {
    see: (experimentId, value) => {
      for (const { hash, as } of namedArtifacts(value)) {
        const mentions = byHash.get(hash) ?? new Map<string, Mention>();
        byHash.set(hash, mentions.set(`${experimentId}/${as}`, { experimentId, as }));
      }
    },
    count: () => byHash.size,
    all: function* () {
      for (const [hash, mentions] of byHash) yield [hash, [...mentions.values()]];
    },
  };
}
