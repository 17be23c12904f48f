import type { CampaignRecord, ExperimentRecord } from '@asi/contracts';
import type { Inflight, Records } from '@asi/store';
import { contextOf } from '../experiment/step.ts';
import type { BaselineRecord } from './reference.ts';

/** The runs that the reference of a campaign rests on, settled or only measured; null while one of them may still be measured. */
export async function measuredBaselines(
  { baselineIds }: Pick<CampaignRecord, 'baselineIds'>,
  underWay: readonly Inflight[],
  experiments: Pick<Records<ExperimentRecord>, 'get'>,
): Promise<BaselineRecord[] | null> {
  const measured: BaselineRecord[] = [];
  for (const id of baselineIds) {
    const running = underWay.find((one) => one._id === id);
    const context = running && contextOf(running);
    if (context && !context.measurement) return null;
    const run = context ?? (await experiments.get(id));
    if (run) measured.push(run);
  }
  return measured;
}
