import { type ProcessTools, type RoleWork, requireDatabaseUrl } from '@asi/agent-kit';
import { artifactsIn, callsIn, campaignsIn, insightsIn, openDatabase } from '@asi/store';
import { lastEnds } from './calls/last-ends.ts';
import { createLedger } from './calls/ledger.ts';
import { endpointsOf } from './endpoints.ts';
import { createInsights } from './insights/insights.ts';
import { fingerprintsIn } from './novelty/fingerprints.ts';
import { openNovelty } from './novelty/novelty.ts';
import { followSettled } from './tree/follow-settled.ts';
import { createTree } from './tree/tree.ts';
import { createTreeReadiness } from './tree/tree-readiness.ts';

/**
 * What the archive keeps in memory is built here, once: fingerprints and sums of calls from their collections, the tree
 * from the journal.
 * Requests are answered from memory or by `_id`, so that the 5,000th experiment costs what the first did.
 */
export async function boot({ bus, log, environment, clock, stopping, fault }: ProcessTools): Promise<RoleWork> {
  const database = await openDatabase(requireDatabaseUrl(environment), environment.database);
  const novelty = await openNovelty(fingerprintsIn(database));
  const tree = createTree();
  const insights = createInsights(insightsIn(database), tree);
  const following = await followSettled({ bus, log, signal: stopping, tree });
  following.ended.catch(fault);
  const campaigns = campaignsIn(database);
  const readiness = createTreeReadiness(tree, (id) => campaigns.get(id));
  const ledger = createLedger({ calls: callsIn(database), campaign: (id) => campaigns.get(id), bus, clock, log });
  await ledger.load();
  log.info({ rows: tree.size(), designs: novelty.size() }, 'index built');
  return {
    serve: endpointsOf({ artifacts: artifactsIn(database), insights, novelty, tree, readiness, ledger }),
    details: () => ({ experiments: tree.size(), designs: novelty.size(), openCalls: ledger.openCalls() }),
    drain: async () => {
      await Promise.all([following.ended, lastEnds(ledger)]);
      await database.close();
    },
  };
}
