import { z } from 'zod';

/** Ways of choosing parents. */
export const policyNames = ['paper', 'top-k', 'regularized-evolution', 'map-elites', 'greedy', 'random'] as const;

/** What designs may learn from insights; `shuffled` assigns effects to the wrong components. */
export const learningSchema = z.enum(['yes', 'no', 'shuffled']);
