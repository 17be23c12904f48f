import {
  type CampaignSettings,
  canonicalJson,
  isAsiError,
  type LanguageModel,
  messageOf,
  modelOf,
  type ThinkingRole,
  thinkingRoles,
} from '@asi/contracts';
import type { Capability, ProbeFinding } from '@asi/llm';
import type { CliContext } from '../commands/cli-context.ts';
import type { Finding } from './finding.ts';

const names: Readonly<Record<Capability, string>> = {
  answer: 'llm answer',
  streaming: 'llm streaming',
  'structured output': 'llm structure',
  'usage figures': 'llm usage',
  'context length': 'llm context',
};
const verdicts: Readonly<Record<ProbeFinding['verdict'], Finding['verdict']>> = {
  works: 'good',
  unknown: 'remark',
  fails: 'missing',
};

/**
 * Asks the language model of each role for what the role will need of it; roles with equal settings are examined together.
 * Roles: those with the mind llm, or all of them when no campaign file says which.
 */
export async function* examineModels(
  { env, interrupt }: Pick<CliContext, 'env' | 'interrupt'>,
  { minds, models }: Pick<CampaignSettings, 'minds' | 'models'>,
  ofFile: boolean,
): AsyncGenerator<Finding> {
  const roles = thinkingRoles.filter((role) => !ofFile || minds[role] === 'llm');
  if (roles.length === 0)
    yield {
      what: names.answer,
      verdict: 'remark',
      found: 'no role of the campaign file thinks with a language model',
      advice: 'set minds.researcher: llm, or that of another role',
    };
  for (const [settings, alike] of grouped(roles, (role) => modelOf(models, role))) {
    for (const finding of await probe(settings, env, interrupt))
      yield { ...finding, found: `${alike.join(', ')}: ${finding.found}` };
  }
}

async function probe(model: LanguageModel, env: CliContext['env'], signal: AbortSignal): Promise<Finding[]> {
  // LangChain takes a second to load, which the other commands need not wait for.
  const { probeModel } = await import('@asi/llm');
  try {
    const findings = await probeModel({ model, env, signal });
    return findings.map(({ capability, verdict, detail, advice }) => ({
      what: names[capability],
      verdict: verdicts[verdict],
      found: detail,
      advice: advice.startsWith('set ') ? `${advice} in the campaign file, under models` : advice,
    }));
  } catch (error) {
    if (!isAsiError(error) || error.kind === 'cancelled') throw error;
    return [{ what: names.answer, verdict: 'missing', found: messageOf(error), advice: '' }];
  }
}

function grouped(
  roles: readonly ThinkingRole[],
  settingsOf: (role: ThinkingRole) => LanguageModel,
): ReadonlyArray<readonly [LanguageModel, readonly ThinkingRole[]]> {
  const groups = Map.groupBy(roles, (role) => canonicalJson(settingsOf(role)));
  return [...groups.values()].flatMap((alike) => (alike[0] ? [[settingsOf(alike[0]), alike] as const] : []));
}
