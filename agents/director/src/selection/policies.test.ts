import { campaignSettingsSchema, policyNames, seededRandom } from '@asi/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { candidatesAtLastRefresh } from './paper.ts';
import { policies } from './policies.ts';
import { type PoolEntry, ranked } from './policy.ts';

const options = campaignSettingsSchema.parse({}).policyOptions;

const entry = (i: number, kind: PoolEntry['kind'] = 'candidate'): PoolEntry => ({
  experimentId: `c001-${String(i).padStart(4, '0')}`,
  name: `n${i}`,
  kind,
  age: i,
  score: ((i * 37) % 101) / 101,
  // What a router has besides its kind makes no cell of its own.
  components: [
    `write=${i % 3}`,
    `decay=${i % 2}`,
    `router=${Math.floor(i / 2) % 2}`,
    `router-floor=${i % 5}`,
    `write-bias=${i % 7}`,
  ],
});
/** Entries share write rule, decay and router exactly when their ages are the same modulo this. */
const cells = 12;
const poolOf = (n: number) => [entry(0, 'baseline'), ...Array.from({ length: n }, (_, i) => entry(i + 1))];

describe('every selection policy', () => {
  it.each([...policyNames])(
    '%s chooses from the pool, never the parent as its own reference, and the same for the same seed',
    (name) => {
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 300 }), fc.string(), (size, seed) => {
          const pool = poolOf(size);
          const chosen = policies[name]({ pool, random: seededRandom(seed), options });
          expect(pool).toContain(chosen.parent);
          expect(chosen.references).not.toContain(chosen.parent);
          expect(new Set(chosen.references).size).toBe(chosen.references.length);
          const most = Math.min(options.references, pool.length - 1);
          // During its cold start the paper's pool holds baselines only.
          if (name === 'paper') expect(chosen.references.length).toBeLessThanOrEqual(most);
          else expect(chosen.references.length).toBe(most);
          expect(policies[name]({ pool, random: seededRandom(seed), options })).toEqual(chosen);
        }),
        { numRuns: 40 },
      );
    },
  );

  const parents = (name: keyof typeof policies, size: number) =>
    new Set(
      Array.from(
        { length: 400 },
        (_, i) => policies[name]({ pool: poolOf(size), random: seededRandom(i), options }).parent.experimentId,
      ),
    );
  const best = (size: number, k: number) =>
    new Set(
      ranked(poolOf(size))
        .slice(0, k)
        .map((one) => one.experimentId),
    );

  it('top-k takes parents from exactly the best k', () =>
    expect(parents('top-k', 100)).toEqual(best(100, options.topK)));
  it('greedy takes only the best', () => expect(parents('greedy', 100)).toEqual(best(100, 1)));
  it('random reaches everything, also the worst', () => expect(parents('random', 20).size).toBe(21));
  it('regularized evolution lets the old die, however good they were', () => {
    const chosen = [...parents('regularized-evolution', 100)].map((id) => Number(id.slice(5)));
    expect(Math.min(...chosen)).toBeGreaterThan(100 - options.population);
  });
  it('regularized evolution takes the best of its tournament: of 20 living, the worst 4 never win one of 5', () => {
    const alive = ranked(poolOf(100).slice(-options.population)).map((one) => one.experimentId);
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 400; seed++) {
      const { parent } = policies['regularized-evolution']({ pool: poolOf(100), random: seededRandom(seed), options });
      counts.set(parent.experimentId, (counts.get(parent.experimentId) ?? 0) + 1);
    }
    const losers = options.tournament - 1;
    expect(alive.slice(-losers).filter((id) => counts.has(id))).toEqual([]);
    // The best is in 5 of 20 tournaments and wins each of them.
    expect(counts.get(alive[0] ?? '')).toBeGreaterThan(60);
  });
  it('references come from the ranks below the parents, as far as a policy says', () => {
    const references = (name: keyof typeof policies, size: number) =>
      new Set(
        Array.from({ length: 400 }, (_, seed) =>
          policies[name]({ pool: poolOf(size), random: seededRandom(seed), options }).references.map(
            (one) => one.experimentId,
          ),
        ).flat(),
      );
    const ranks = (size: number, from: number, to: number) =>
      new Set(
        ranked(poolOf(size))
          .slice(from - 1, to)
          .map((one) => one.experimentId),
      );
    expect(references('paper', 250)).toEqual(ranks(250, 11, 50));
    expect(references('top-k', 250)).toEqual(ranks(250, options.topK + 1, options.topK + 40));
    expect(references('greedy', 60)).toEqual(ranks(60, 2, 61));
  });
  it('MAP-Elites keeps the best of every cell and nothing else', () => {
    const elites = Array.from(
      { length: cells },
      (_, cell) => ranked(poolOf(60).filter(({ age }) => age % cells === cell))[0]?.experimentId,
    );
    expect(parents('map-elites', 60)).toEqual(new Set(elites));
  });
  it('paper starts from baselines for the first 200, then from ranks 1-10 of a pool that stands still for 50', () => {
    expect(parents('paper', 199)).toEqual(new Set(['c001-0000']));
    expect(parents('paper', 249)).toEqual(parents('paper', 200));
    expect(parents('paper', 250)).toEqual(best(250, 10));
    expect([0, 199, 200, 249, 250].map((n) => candidatesAtLastRefresh(n, 200, 50))).toEqual([0, 0, 200, 200, 250]);
  });
});
