import type { Bus } from '@asi/bus';
import { catalogue, type DataOf, type LanguageModel, meritScaleOf, type RequestOf } from '@asi/contracts';
import type { AnalyseData } from '../../../../agents/analyst/src/offline/analyse.ts';
import type { JudgeData } from '../../../../agents/judge/src/mind.ts';
import { baselineGenomes } from '../../../../agents/researcher/src/grammar/baseline-genomes.ts';
import type { DesignCommand } from '../../../../agents/researcher/src/machine.ts';
import { designOffline } from '../../../../agents/researcher/src/offline/design.ts';
import { designCommand } from '../../../../agents/researcher/src/testing/design-command.ts';
import { type ScriptedHouse, scriptedBus } from '../../../../agents/researcher/src/testing/scripted-bus.ts';
import { createPaperSearch } from '../../../../services/cognition/src/search/search-papers.ts';
import { shippedPapers } from '../../../../services/cognition/src/shipped-papers.ts';
import { campaignSoFar, type Settled } from './campaign-so-far.ts';

const insightsRecalled = 5;
const referencesShown = 4;

export type MindsHouse = {
  readonly bus: Bus;
  readonly calls: ReturnType<typeof scriptedBus>['calls'];
  readonly artifacts: Map<string, string>;
  /** Tokens that a call may take of its prompt at most, as its role told the ledger; by key. */
  readonly reserved: ReadonlyMap<string, number>;
  readonly design: DesignCommand;
  readonly judge: JudgeData;
  readonly analyse: AnalyseData;
  readonly newest: Settled;
  /** A program that nobody has made yet. */
  readonly freshProgram: string;
};

/**
 * Archive, literature and journal in memory, filled with a campaign so far, and the commands by which the director asks for
 * the next design and for the judgement and analysis of the newest one.
 */
export async function mindsHouse(model: LanguageModel, novelty?: ScriptedHouse['novelty']): Promise<MindsHouse> {
  const { reference, designs, insights, anchor, journal, artifacts } = campaignSoFar();
  const papers = createPaperSearch(await shippedPapers());
  const recalled = insights.slice(-insightsRecalled).reverse();
  const scripted = scriptedBus(
    { insights: recalled, effects: insights.at(-1)?.effects ?? [], ...(novelty ? { novelty } : {}) },
    [...journal],
  );
  for (const [hash, body] of artifacts) scripted.artifacts.set(hash, body);
  const reserved = new Map<string, number>();
  const found = new Map<string, ReturnType<typeof papers.search>>();
  const request = async (name: string, question: never): Promise<unknown> => {
    if (name === 'openCall') {
      const { call, atMost } = question as RequestOf<'openCall'>;
      reserved.set(call._id, atMost.input);
    }
    if (name !== 'searchPapers') return scripted.bus.request(name as 'openCall', question);
    const { query, limit = 3 } = question as RequestOf<'searchPapers'>;
    // Another process searches: what that costs is not the asker's.
    const known = found.get(`${limit} ${query}`) ?? papers.search(query, limit);
    found.set(`${limit} ${query}`, known);
    return known;
  };
  const best = [...designs].sort((one, other) => (other.entry.merit ?? 0) - (one.entry.merit ?? 0));
  const [parent] = best;
  const newest = designs.findLast(({ analysed }) => analysed.siblings.length > 0) ?? designs.at(-1);
  if (!parent || !newest) throw new Error('a campaign so far has designs');
  const command = designCommand({
    model,
    parent: parent.entry,
    references: best.slice(1, 1 + referencesShown).map(({ entry }) => entry),
    horizon: designs.length,
    ordinal: designs.length + 1,
    draws: 12,
    yardstick: reference.yardstick,
    suite: 'cpu-quick',
    meritScale: meritScaleOf(reference),
    experimentId: 'c001-0099',
  });
  const { analysed } = newest;
  const judge: DataOf<'judge'> = catalogue.judge.data.parse({
    ...analysed,
    baseline: null,
    relatives: [
      ...(analysed.grandparent ? [analysed.grandparent] : []),
      ...analysed.siblings,
      ...command.data.references,
    ],
    anchor,
  });
  const genome = baselineGenomes['gated-delta-net'];
  return {
    bus: { ...scripted.bus, request } as Bus,
    calls: scripted.calls,
    artifacts: scripted.artifacts,
    reserved,
    design: command,
    judge: { ...judge, model },
    analyse: { ...analysed, model },
    newest,
    freshProgram: designOffline(
      {
        parent: { name: 'gated-delta-net', genome, merit: null },
        isParentVaried: true,
        partners: [],
        effects: [],
        learn: 'yes',
      },
      'a fresh design',
      1,
    ).source,
  };
}
