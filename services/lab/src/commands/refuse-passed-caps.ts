import { terminal } from '@asi/contracts';
import type { Calls, CampaignSummary, Reading } from '@asi/reading';
import { type CampaignOptions, settingsFrom } from './campaign-options.ts';

/**
 * For who lets a campaign go on with caps: the first call would pause it again, after it was said to go on.
 * @throws terminal `usage` when a cap that it would have by these options is passed by what is spent already
 */
export async function refusePassedCaps(
  reading: Pick<Reading, 'calls'>,
  { id, settings }: Pick<CampaignSummary, 'id' | 'settings'>,
  options: CampaignOptions,
): Promise<void> {
  const { campaign, dollars, tokens } = options;
  if ([campaign, dollars, tokens].every((one) => one === undefined)) return;
  const known = await reading.calls(id, settingsFrom(options, settings)?.spending);
  // An experiment that has come to its cap may have ended long ago.
  const passed = known?.caps.filter(({ cap, spent, limit }) => cap !== 'experiment' && spent >= limit) ?? [];
  if (passed.length === 0) return;
  throw terminal(
    'usage',
    `campaign ${id} stays as it is, for ${passed.map((one) => inWords(id, one)).join('; ')}: only a higher cap lets it go on`,
  );
}

function inWords(id: string, { cap, of, unit, limit, spent }: Calls['caps'][number]): string {
  const amount = (value: number) => (unit === 'dollars' ? `$${Number(value.toPrecision(6))}` : `${value} tokens`);
  const whose = cap === 'campaign' ? `campaign ${of}` : `the ${of} in ${id}`;
  return `the cap of ${whose} on language models would be ${amount(limit)}, and ${amount(spent)} are spent already`;
}
