import {
  type CampaignRecord,
  type DataOf,
  isOpenCampaign,
  priceOf,
  type SpendingChanges,
  spendingSchema,
  type ThinkingRole,
} from '@asi/contracts';
import type { ExperimentContext } from '../experiment/context.ts';
import { queuesBehindModel } from '../experiment/queues-behind-model.ts';

type Capped = DataOf<'spendingCapped'>;

/** How a campaign is paused whose cap is reached: with the way on in words. Null when the cap was changed meanwhile, or it is held already. */
export function pauseFor(
  { cap, unit, limit, missingPrice, role, experimentId, why }: Capped,
  { state, capped, settings: { spending } }: CampaignRecord,
): Pick<CampaignRecord, 'state' | 'note' | 'capped'> | null {
  if (capped !== null || !isOpenCampaign({ state })) return null;
  const now = cap === 'role' ? spending.roles[role as keyof typeof spending.roles] : spending[cap];
  if (now?.[unit] !== limit || (missingPrice !== null && priceOf(spending.prices, missingPrice))) return null;
  const file = 'asi run --campaign FILE (asi resume --campaign FILE on a running stack) goes on with them';
  const wayOn =
    missingPrice !== null
      ? `write spending.prices or another cap into the campaign file: ${file}`
      : cap === 'campaign'
        ? `asi run --${unit} N (asi resume --${unit} N on a running stack) raises it and goes on`
        : `write a higher spending.${cap === 'role' ? `roles.${role}` : 'experiment'}.${unit} into the campaign file: ${file}`;
  // For whom a model without a price was to be asked is nothing to the reason: nobody may ask it.
  const by = experimentId === null || cap === 'experiment' || missingPrice !== null ? '' : ` for ${experimentId}`;
  return {
    state: 'paused',
    note: `${why}${by}; nothing is lost: ${wayOn}`,
    capped: { cap, unit, limit, missingPrice },
  };
}

/** How a campaign is paused whose model is denied to a role. Null when it is held already, or is over. */
export function pauseForDenied(
  { role, why }: DataOf<'modelDenied'>,
  { state, capped, denied }: CampaignRecord,
): Pick<CampaignRecord, 'state' | 'note' | 'denied'> | null {
  if (capped !== null || denied !== null || !isOpenCampaign({ state })) return null;
  return {
    state: 'paused',
    note: `the language model of the ${role} is not to be had: ${why}; nothing is lost: what the endpoint or the environment can mend is mended there (asi doctor --llm tries it), then asi run goes on (on a running stack asi resume; a changed environment is seen after asi down); a setting of the campaign itself stays for its life: asi run --new --campaign FILE gives it up, loses what has no score yet, keeps its results and begins another from what it has learnt`,
    denied: { role, why },
  };
}

/** The settings with other caps and prices. */
export const withSpending = ({ settings }: CampaignRecord, changes: SpendingChanges): CampaignRecord['settings'] => ({
  ...settings,
  spending: spendingSchema.parse({ ...settings.spending, ...changes }),
});

/**
 * Whether what an experiment waits for in this state may itself be waiting for a language model: then a deadline says
 * nothing while the campaign may not ask one. A measured candidate waits for the judgements of baselines.
 * @param state of its machine, in words
 */
export function mayWaitForModel({ terms }: Pick<ExperimentContext, 'terms'>, state: string): boolean {
  const waits = (role: ThinkingRole) => queuesBehindModel(terms, role);
  switch (state.split('.')[0]) {
    case 'designing':
      return waits('researcher');
    case 'training':
      return waits('engineer');
    case 'measured':
      return true;
    case 'assessing':
      return waits('judge') || waits('analyst');
    default:
      return false;
  }
}
