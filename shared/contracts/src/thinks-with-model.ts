import type { CampaignSettings } from './campaign.ts';
import { settingsOfArm } from './settings-of-arm.ts';

/** Whether a role thinks with a language model, in the campaign or in one of its arms. */
export const thinksWithModel = (settings: CampaignSettings, role: keyof CampaignSettings['minds']): boolean =>
  [null, ...settings.arms.map(({ name }) => name)].some((arm) => settingsOfArm(settings, arm).minds[role] === 'llm');
