import { runningCampaign } from '@asi/testkit';
import { expect, test } from 'vitest';
import type { ExperimentDesk } from '../experiment-desk.ts';
import { createKnowledge } from '../knowledge.ts';
import type { Remembered } from '../remembered.ts';
import type { CampaignOffice } from './campaign-office.ts';
import { createOpenedOrdinals } from './opened-ordinals.ts';
import { sampleAhead } from './sampling.ts';
import { createSettledLedger } from './settled-ledger.ts';

const campaign = runningCampaign({
  settings: { baselines: [{ name: 'delta-net', seeds: [0, 1] }], budget: { candidates: 4 }, inFlight: 1 },
  baselineIds: ['c001-b01', 'c001-b02'],
  inFlight: 1,
});

/** What is opened when the first candidate is settled, and so many of the two baselines. */
async function openedWith(settledBaselines: readonly string[]): Promise<number[]> {
  const ledger = createSettledLedger();
  ledger.record(1, 'completed');
  const opened = createOpenedOrdinals();
  opened.add(1);
  const ordinals: number[] = [];
  await sampleAhead(campaign, {
    office: {} as CampaignOffice,
    desk: {
      open: async ({ view }: { view: { ordinal: number | null } }) => void ordinals.push(view.ordinal ?? 0),
    } as unknown as ExperimentDesk,
    knowledge: {
      ...createKnowledge(),
      get: (id) => (settledBaselines.includes(id) ? ({ _id: id } as unknown as Remembered) : undefined),
    },
    source: 'director/test',
    clock: { now: () => new Date('2026-01-01T00:00:00.000Z') },
    progress: () => ({ ledger, opened }),
  });
  return ordinals;
}

test('a candidate that may know results waits for every baseline, so that its pool does not depend on who is faster', async () => {
  expect(await openedWith([])).toEqual([]);
  expect(await openedWith(['c001-b02'])).toEqual([]);
  expect(await openedWith(['c001-b01', 'c001-b02'])).toEqual([2]);
});
