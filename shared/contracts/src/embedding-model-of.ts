import type { CampaignSettings } from './campaign.ts';
import type { EmbeddingModel } from './embedding-model.ts';
import { thinksWithModel } from './thinks-with-model.ts';

/** The model of embeddings that a campaign will ask: none where no researcher thinks with a model, in the campaign or in an arm. */
export const embeddingModelOf = (campaign: CampaignSettings): EmbeddingModel | null =>
  thinksWithModel(campaign, 'researcher') ? campaign.models.embedding : null;
