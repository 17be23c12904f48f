import { readdirSync } from 'node:fs';
import {
  type CampaignSettings,
  embeddingModelOf,
  isAsiError,
  messageOf,
  modelOf,
  settingsOfArm,
  terminal,
  thinkingRoles,
} from '@asi/contracts';
// Without the index, which loads LangChain for a second.
import { resolveEndpoint } from '@asi/llm/endpoint';
import { externalServers } from '../stack/server-urls.ts';
import { readStack } from '../stack/stack-file.ts';
import { stateFolder } from '../stack/state-folder.ts';
import { type CampaignOptions, settingsFrom } from './campaign-options.ts';
import type { CliContext } from './cli-context.ts';
import { refuseConflict } from './open-campaign.ts';
import { withReading } from './with-reading.ts';

/**
 * Finds what makes a campaign impossible before any process is started.
 * @param fresh an unfinished campaign is going to be cancelled, so that its settings do not matter
 * @throws terminal `usage` when the unfinished campaign has other settings than those that were asked for; terminal
 * `model-settings` when a role is to think with a language model that is not named, or whose key is not there
 */
export async function refuseBeforeStart(context: CliContext, options: CampaignOptions, fresh: boolean): Promise<void> {
  const { env } = context;
  const external = externalServers(env) !== null;
  const isEmpty = !external && readdirSync(stateFolder(env).data).length === 0;
  const unfinished =
    fresh || isEmpty ? null : await withReading(context, (reading) => refuseConflict(reading, options));
  // Processes that run already have an environment of their own.
  if (external || readStack(stateFolder(env))) return;
  const settings = unfinished?.settings ?? settingsFrom(options);
  if (settings) refuseWithoutModels(settings, env);
}

function refuseWithoutModels(settings: CampaignSettings, env: NodeJS.ProcessEnv): void {
  const problems = new Map<string, string>();
  for (const arm of [null, ...settings.arms.map(({ name }) => name)]) {
    const { minds, models } = settingsOfArm(settings, arm);
    for (const role of thinkingRoles) {
      const why = minds[role] === 'llm' ? problemOf(modelOf(models, role), env) : null;
      const key = `${role}: ${why}`;
      // What an arm shares with the campaign is told once.
      if (why !== null && !problems.has(key)) problems.set(key, arm === null ? key : `${role} of arm ${arm}: ${why}`);
    }
  }
  const embedding = embeddingModelOf(settings);
  const why = embedding && problemOf(embedding, env);
  if (why) problems.set('embedding', `researcher, for embeddings: ${why}`);
  if (problems.size > 0)
    throw terminal(
      'model-settings',
      ['these roles cannot think with a language model; nothing was started:', ...problems.values()].join('\n  '),
    );
}

function problemOf(model: Parameters<typeof resolveEndpoint>[0], env: NodeJS.ProcessEnv): string | null {
  try {
    resolveEndpoint(model, env);
    return null;
  } catch (error) {
    if (!isAsiError(error)) throw error;
    return messageOf(error);
  }
}
