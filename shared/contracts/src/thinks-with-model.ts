import type { CampaignSettings } from './campaign.ts';
import { settingsOfEach } from './settings-of-arm.ts';

/** Whether a role thinks with a language model, in the campaign or in one of its arms. */
export const thinksWithModel = (settings: CampaignSettings, role: keyof CampaignSettings['minds']): boolean =>
  settingsOfEach(settings).some((each) => each.settings.minds[role] === 'llm');
