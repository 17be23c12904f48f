import {
  type CampaignSettings,
  embeddingModelOf,
  modelOf,
  settingsOfEach,
  terminal,
  thinkingRoles,
} from '@asi/contracts';
import { type AskedModel, missingPrices } from '../doctor/missing-prices.ts';
import { externalStack } from '../stack/external-stack.ts';
import { readStack } from '../stack/stack-file.ts';
import { stateFolder } from '../stack/state-folder.ts';

/**
 * Sees to it, before anything is started, that caps in dollars can be kept: else the first question of a model without a price would pause the campaign,
 * after trainings that it has no use for.
 * @param env of this terminal, which says what model is asked where a campaign names none, unless others started the processes
 * @throws terminal `model-settings` with the lines that mend it
 */
export function refuseWithoutPrices(settings: CampaignSettings, env: NodeJS.ProcessEnv): void {
  const isOurs = !externalStack(env) && !readStack(stateFolder(env));
  const environmentModel = (isOurs && env.ASI_MODEL?.trim()) || null;
  const asked = settingsOfEach(settings).flatMap(({ settings: { minds, models } }): AskedModel[] =>
    thinkingRoles
      .filter((role) => minds[role] === 'llm')
      .map((role) => ({ role, model: modelOf(models, role).model ?? environmentModel })),
  );
  const embedding = embeddingModelOf(settings);
  const missing = missingPrices(settings.spending, [
    ...asked,
    ...(embedding ? [{ role: 'researcher' as const, model: embedding.model }] : []),
  ]);
  if (!missing) return;
  const { caps, models } = missing;
  const lines = models.map((model) => `    ${JSON.stringify(model)}: { input: N, output: N }`);
  throw terminal(
    'model-settings',
    [
      `${caps.join(', ')} cannot be kept, for there is no price for the model ${models.join(', ')}; nothing was started. Set a cap in tokens instead, or add to the campaign file, in dollars per million tokens:`,
      'spending:',
      '  prices:',
      ...lines,
    ].join('\n  '),
  );
}
