import {
  type CampaignSettings,
  embeddingModelOf,
  isAsiError,
  messageOf,
  modelOf,
  settingsOfEach,
  type ThinkingRole,
  terminal,
  thinkingRoles,
} from '@asi/contracts';
// Without the index, which loads LangChain for a second.
import { resolveEndpoint } from '@asi/llm/endpoint';
import { repositoryRoot } from '../stack/toolchain.ts';
import { promptProblemOf } from './prompt-problem-of.ts';

/**
 * Sees to it that every role which is to think with a language model has one, its key, and prompts that can be used: what
 * is found out later costs trainings and money.
 * @param env of the processes that will ask; null: nobody knows it, and nothing is refused
 * @param consequence what became of the command, for people
 * @param root of the repository, where the prompts are
 * @throws terminal `model-settings` with a line for each role, which names the variable that is missing
 */
export function refuseWithoutModels(
  settings: CampaignSettings,
  env: NodeJS.ProcessEnv | null,
  consequence: string,
  root: string = repositoryRoot,
): void {
  if (env === null) return;
  const problems = new Map<string, string>();
  const broken = new Map<ThinkingRole, string | null>();
  for (const {
    arm,
    settings: { minds, models },
  } of settingsOfEach(settings)) {
    for (const role of thinkingRoles) {
      if (minds[role] !== 'llm') continue;
      if (!broken.has(role)) broken.set(role, promptProblemOf(role, root));
      const prompts = broken.get(role);
      if (prompts) problems.set(`prompts of ${role}`, `${role}: ${prompts}`);
      const why = problemOf(modelOf(models, role), env);
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
      [`these roles cannot think with a language model; ${consequence}:`, ...problems.values()].join('\n  '),
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
