import type { CampaignSettings } from '@asi/contracts';
import type { SettingProblem } from './setting-problem.ts';

/** What the schema cannot say of the budget: that it can be reached, even if no candidate is lost. */
export function checkBudget({ budget }: Pick<CampaignSettings, 'budget'>): SettingProblem[] {
  const { candidates, maximalAttempts } = budget;
  return maximalAttempts === null || maximalAttempts >= candidates
    ? []
    : [
        {
          path: ['budget', 'maximalAttempts'],
          text: `${maximalAttempts} sampled at most can never be the ${candidates} completed candidates of budget.candidates; set this to at least ${candidates}, or budget.candidates to at most ${maximalAttempts}`,
        },
      ];
}
