import type { CampaignSettings } from './campaign.ts';
import type { EmbeddingModel } from './embedding-model.ts';
import { settingsOfArm } from './settings-of-arm.ts';

/** The model of embeddings that a campaign will ask: none where no researcher thinks with a model, in the campaign or in an arm. */
export function embeddingModelOf(campaign: CampaignSettings): EmbeddingModel | null {
  const asked = [null, ...campaign.arms.map(({ name }) => name)].some(
    (arm) => settingsOfArm(campaign, arm).minds.researcher === 'llm',
  );
  return asked ? campaign.models.embedding : null;
}
