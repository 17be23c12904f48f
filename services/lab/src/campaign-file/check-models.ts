import { type CampaignSettings, modelOf, settingsOfEach, thinkingRoles } from '@asi/contracts';
import type { Path } from './parse-yaml.ts';
import type { SettingProblem } from './setting-problem.ts';

/** What the schema cannot say of models: that the longest answer leaves room for a prompt in the context. */
export const checkModels = (settings: CampaignSettings): SettingProblem[] =>
  settingsOfEach(settings).flatMap(({ arm, settings: { minds, models } }, index) => {
    const above: Path = arm === null ? [] : ['arms', index - 1];
    const crowded = thinkingRoles.filter((role) => {
      const { contextTokens, maxOutputTokens } = modelOf(models, role);
      return minds[role] === 'llm' && maxOutputTokens >= contextTokens;
    });
    const [role] = crowded;
    if (role === undefined) return [];
    const { contextTokens, maxOutputTokens } = modelOf(models, role);
    const text = `${crowded.join(', ')}: contextTokens is ${contextTokens} and maxOutputTokens ${maxOutputTokens}, which leaves no room for a prompt; set maxOutputTokens to a quarter of the context, say (${Math.floor(contextTokens / 4)})`;
    return [{ path: [...above, 'models'], text }];
  });
