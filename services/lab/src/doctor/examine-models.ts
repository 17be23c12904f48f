import {
  type CampaignSettings,
  canonicalJson,
  embeddingModelOf,
  isAsiError,
  type LanguageModel,
  messageOf,
  modelOf,
  settingsOfEach,
  type ThinkingRole,
  thinkingRoles,
} from '@asi/contracts';
import type { Capability, ProbeFinding } from '@asi/llm';
import type { CliContext } from '../commands/cli-context.ts';
import type { Finding } from './finding.ts';
import { findingOf, missingPrices } from './missing-prices.ts';

const names: Readonly<Record<Capability, string>> = {
  answer: 'llm answer',
  streaming: 'llm streaming',
  'structured output': 'llm structure',
  'usage figures': 'llm usage',
  'context length': 'llm context',
  embedding: 'llm embedding',
};
const verdicts: Readonly<Record<ProbeFinding['verdict'], Finding['verdict']>> = {
  works: 'good',
  unknown: 'remark',
  fails: 'missing',
};

/**
 * Asks the language model of each role for what the role will need of it; roles with equal settings are examined together.
 * Roles: those with the mind llm, in the campaign or in one of its arms, or all of them when no campaign file says which.
 * The model of embeddings is examined where the researcher is one of them. What has no price, though a cap is in dollars, is told.
 */
export async function* examineModels(
  { env, interrupt: signal }: Pick<CliContext, 'env' | 'interrupt'>,
  campaign: CampaignSettings,
  ofFile: boolean,
): AsyncGenerator<Finding> {
  const thinkers = thinkersOf(campaign, ofFile);
  if (thinkers.length === 0)
    yield {
      what: names.answer,
      verdict: 'remark',
      found: 'no role of the campaign file thinks with a language model',
      advice: 'set minds.researcher: llm, or that of another role',
    };
  for (const [settings, alike] of grouped(thinkers)) {
    const findings = findingsOf(names.answer, async () =>
      (await probes()).probeModel({ model: settings, env, signal }),
    );
    for (const finding of await findings) yield { ...finding, found: `${alike.join(', ')}: ${finding.found}` };
  }
  const model = embeddingModelOf(campaign);
  if (model)
    yield* await findingsOf(names.embedding, async () => [
      await (await probes()).probeEmbedding({ model, env, signal }),
    ]);
  const prices = missingPrices(campaign.spending, [
    ...thinkers.map(({ role, model: { model: name } }) => ({ role, model: name ?? env.ASI_MODEL?.trim() ?? null })),
    ...(model ? [{ role: 'researcher' as const, model: model.model }] : []),
  ]);
  if (prices) yield findingOf(prices);
}

/** LangChain takes a second to load, which the other commands need not wait for. */
const probes = () => import('@asi/llm');

async function findingsOf(what: string, probe: () => Promise<readonly ProbeFinding[]>): Promise<Finding[]> {
  try {
    const findings = await probe();
    return findings.map(({ capability, verdict, detail, advice }) => ({
      what: names[capability],
      verdict: verdicts[verdict],
      found: detail,
      advice: advice.startsWith('set ') ? `${advice} in the campaign file, under models` : advice,
    }));
  } catch (error) {
    if (!isAsiError(error) || error.kind === 'cancelled') throw error;
    return [{ what, verdict: 'missing', found: messageOf(error), advice: '' }];
  }
}

type Thinker = { readonly name: string; readonly role: ThinkingRole; readonly model: LanguageModel };

/** Every role that thinks with a model; of an arm only where it does otherwise than the campaign. */
function thinkersOf(campaign: CampaignSettings, ofFile: boolean): Thinker[] {
  const known = new Set<string>();
  return settingsOfEach(campaign).flatMap(({ arm, settings: { minds, models } }) =>
    thinkingRoles.flatMap((role: ThinkingRole): Thinker[] => {
      if (ofFile && minds[role] !== 'llm') return [];
      const model = modelOf(models, role);
      const key = `${role} ${canonicalJson(model)}`;
      if (known.has(key)) return [];
      known.add(key);
      return [{ name: arm === null ? role : `${role} of arm ${arm}`, role, model }];
    }),
  );
}

function grouped(thinkers: readonly Thinker[]): ReadonlyArray<readonly [LanguageModel, readonly string[]]> {
  const groups = Map.groupBy(thinkers, ({ model }) => canonicalJson(model));
  return [...groups.values()].flatMap((alike) =>
    alike[0] ? [[alike[0].model, alike.map(({ name }) => name)] as const] : [],
  );
}
