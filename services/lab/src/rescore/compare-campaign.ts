import type { CampaignSettings, Confirmation, ConfirmationResult, Reference } from '@asi/contracts';
import { withoutHeldOutSeeds } from '@asi/reading';
import type { AnnouncedCampaign } from './announced-campaign.ts';
import { compareFields } from './compare-fields.ts';
import type { FieldComparison } from './compare-record.ts';

/** A campaign as its record has it. */
export type StoredCampaign = {
  readonly settings: CampaignSettings;
  readonly reference: Reference | null;
  readonly plans: readonly Confirmation[];
  /** What the plans came to, computed from the stored runs, in the order of the plans. */
  readonly results: readonly ConfirmationResult[];
};

/**
 * All that the ranks and verdicts of a campaign rest on beside its experiments: the settings, the reference, the plan of every
 * confirmation; and the verdict as it follows from the stored runs, beside the one that was announced when it ended.
 */
export function compareCampaign(stored: StoredCampaign, announced: AnnouncedCampaign): FieldComparison {
  const { settings, reference, plans, results } = stored;
  const comparison: FieldComparison = { fields: [], unchecked: [] };
  const compare = (name: string, held: unknown, said: unknown): void => {
    if (said) comparison.fields.push(...compareFields(name, held, said));
    else if (held) comparison.unchecked.push({ name, why: 'the journal has no announcement of it' });
  };
  compare('settings', ranking(withoutHeldOutSeeds(settings) as CampaignSettings), ranking(announced.settings));
  compare('reference', reference, announced.reference);
  const storedPlans = new Map(plans.map((plan, index) => [plan.order, { plan, result: results[index] }]));
  for (const order of new Set([...storedPlans.keys(), ...announced.plans.keys()])) {
    const { plan, result } = storedPlans.get(order) ?? {};
    compare(`confirmations.${order}`, planned(plan), planned(announced.plans.get(order)));
    const end = announced.ends.get(order);
    if (end || plan?.concludedAt) compare(`confirmations.${order}.came-to`, endOf(result, end), end);
  }
  return comparison;
}

/** What is spent and at which prices may be changed while it runs, and ranks nothing. */
function ranking(settings: CampaignSettings | null): Partial<CampaignSettings> | null {
  if (!settings) return null;
  const { spending: _, ...others } = settings;
  return others;
}

/** Without what is written into a plan when it ends. */
function planned(confirmation: Confirmation | undefined): Partial<Confirmation> | null {
  if (!confirmation) return null;
  const { closed: _, concludedAt: __, ...plan } = confirmation;
  return plan;
}

function endOf(result: ConfirmationResult | undefined, end: object | undefined): Partial<ConfirmationResult> | null {
  if (!result) return null;
  const { order, status, pairs, stopped } = result;
  return { order, status, pairs, ...(end && !('stopped' in end) ? {} : { stopped }) };
}
