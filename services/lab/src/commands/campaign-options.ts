import { type CampaignSettings, campaignSettingsSchema, canonicalJson, terminal } from '@asi/contracts';
import { checkBudget } from '../campaign-file/check-budget.ts';
import { withModelsOfEnvironment } from '../campaign-file/models-of-environment.ts';
import { readCampaignFile } from '../campaign-file/read-campaign-file.ts';

export type CampaignOptions = {
  readonly campaign?: string;
  readonly candidates?: string;
  readonly minutes?: string;
  readonly seed?: string;
  readonly dollars?: string;
  readonly tokens?: string;
  /** What it says of the models of roles completes the campaign file. */
  readonly env?: NodeJS.ProcessEnv;
};

/** The settings that the options ask for, or null when they say nothing of settings. Options win over the file; without a file they are changes to `present`, or to the defaults. */
export function settingsFrom(options: CampaignOptions, present?: CampaignSettings): CampaignSettings | null {
  const { campaign, candidates, minutes, seed, dollars, tokens, env = {} } = options;
  if ([campaign, candidates, minutes, seed, dollars, tokens].every((one) => one === undefined)) return null;
  const base =
    campaign === undefined
      ? (present ?? campaignSettingsSchema.parse({}))
      : withModelsOfEnvironment(readCampaignFile(campaign), env);
  const budget = {
    ...base.budget,
    ...(candidates === undefined
      ? {}
      : { candidates: numberOf('--candidates', candidates, { least: 1, whole: true }) }),
    ...(minutes === undefined ? {} : { minutes: numberOf('--minutes', minutes, { least: 0, whole: false }) }),
  };
  const [unreachable] = candidates === undefined ? [] : checkBudget({ budget });
  if (unreachable)
    throw terminal('usage', `--candidates ${candidates}: ${unreachable.path.join('.')}: ${unreachable.text}`);
  const cap = {
    ...base.spending.campaign,
    ...(dollars === undefined ? {} : { dollars: numberOf('--dollars', dollars, { least: 0, whole: false }) }),
    ...(tokens === undefined ? {} : { tokens: numberOf('--tokens', tokens, { least: 1, whole: true }) }),
  };
  return campaignSettingsSchema.parse({
    ...base,
    budget,
    spending: { ...base.spending, campaign: cap },
    ...(seed === undefined ? {} : { seed: numberOf('--seed', seed, { least: Number.MIN_SAFE_INTEGER, whole: true }) }),
  });
}

const longestValue = 40;

/** Names of the settings that differ, with both values if they are short: `budget.candidates is 12, not 4`. */
export function differences(present: unknown, wanted: unknown, path = ''): string[] {
  if (canonicalJson(present) === canonicalJson(wanted)) return [];
  if (isPlain(present) && isPlain(wanted)) {
    return [...new Set([...Object.keys(present), ...Object.keys(wanted)])].flatMap((key) =>
      differences(present[key] ?? null, wanted[key] ?? null, path ? `${path}.${key}` : key),
    );
  }
  const [is, not] = [JSON.stringify(present), JSON.stringify(wanted)];
  return [is.length + not.length > longestValue ? `${path} differs` : `${path} is ${is}, not ${not}`];
}

const shownDifferences = 6;

export const inFewWords = (differing: readonly string[]): string =>
  [
    ...differing.slice(0, shownDifferences),
    ...(differing.length > shownDifferences ? [`and ${differing.length - shownDifferences} more`] : []),
  ].join('; ');

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function numberOf(option: string, text: string, { least, whole }: { least: number; whole: boolean }): number {
  const value = Number(text);
  const good =
    text.trim() !== '' &&
    Number.isFinite(value) &&
    // 1e3 may be a slip of who meant 1 or 3: a thousand candidates train for days.
    (whole ? /^[+-]?\d+$/.test(text.trim()) && Number.isSafeInteger(value) && value >= least : value > least);
  if (good) return value;
  const bound =
    least === Number.MIN_SAFE_INTEGER
      ? ` of at most ${Number.MAX_SAFE_INTEGER}`
      : whole
        ? ` >= ${least}`
        : ` > ${least}`;
  throw terminal('usage', `${option} ${text}: expected a ${whole ? 'whole ' : ''}number${bound}`);
}
