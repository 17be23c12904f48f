import type { Progress } from '@asi/reading';

/** What to do next, when a campaign has ended or stands still. */
export function wayOn(campaignId: string, progress: Pick<Progress, 'state' | 'capped' | 'denied'> | null): string {
  if (progress?.state !== 'paused') return 'asi run starts a further campaign that begins from what this one learnt';
  const { capped, denied } = progress;
  if (denied)
    return `once it is mended (asi doctor --llm tries it) asi run continues ${campaignId}; asi run --new leaves it and starts another`;
  if (!capped) return `asi run continues ${campaignId}; asi run --new leaves it and starts another`;
  const file = 'asi run --campaign FILE with other caps or prices under its key spending';
  const raise =
    capped.cap === 'campaign' && capped.missingPrice === null
      ? `asi run --${capped.unit} N raises the cap of ${capped.unit === 'dollars' ? `$${capped.limit}` : `${capped.limit} tokens`}, or ${file}`
      : file;
  return `${raise}, continues ${campaignId} (asi cost tells what it spent); asi run --new leaves it and starts another`;
}
