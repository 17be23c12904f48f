import type { CampaignSettings } from '@asi/contracts';
import { greedy } from './greedy.ts';
import { mapElites } from './map-elites.ts';
import { paper } from './paper.ts';
import type { Policy } from './policy.ts';
import { random } from './random.ts';
import { regularizedEvolution } from './regularized-evolution.ts';
import { topK } from './top-k.ts';

export const policies: Record<CampaignSettings['policy'], Policy> = {
  paper,
  'top-k': topK,
  'regularized-evolution': regularizedEvolution,
  'map-elites': mapElites,
  greedy,
  random,
};
