import type { BaselineRun, CampaignRecord } from '@asi/contracts';

/** First every model once, then the second seeds: so that a leaderboard stands early. */
export function inRounds(baselines: CampaignRecord['settings']['baselines']): Array<{ name: string; seed: number }> {
  const rounds = Math.max(...baselines.map((one) => one.seeds.length));
  return Array.from({ length: rounds }, (_, round) =>
    baselines.flatMap(({ name, seeds }) => (seeds[round] === undefined ? [] : [{ name, seed: seeds[round] }])),
  ).flat();
}

/** One run of each baseline of a campaign, in the order of its settings. */
export function firstRuns({ settings, baselineIds }: Pick<CampaignRecord, 'settings' | 'baselineIds'>): BaselineRun[] {
  const order = inRounds(settings.baselines);
  return settings.baselines.flatMap(({ name }) => {
    const id = baselineIds[order.findIndex((one) => one.name === name)];
    return id ? [{ experimentId: id as BaselineRun['experimentId'], name }] : [];
  });
}
