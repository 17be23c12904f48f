import { type CampaignSettings, embeddingModelOf } from '@asi/contracts';
import type { SettingProblem } from './setting-problem.ts';

/** What the schema cannot say of the model of embeddings: that somebody asks it. */
export const checkEmbedding = (settings: CampaignSettings): SettingProblem[] =>
  settings.models.embedding === null || embeddingModelOf(settings) !== null
    ? []
    : [
        {
          path: ['models', 'embedding'],
          text: 'only a researcher with the mind llm asks for vectors, and there is none, in the campaign or in an arm; set minds.researcher: llm, or leave this out',
        },
      ];
