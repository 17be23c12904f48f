import type { ExperimentRecord, Reference } from '@asi/contracts';
import { runningCampaign } from '@asi/testkit';
import { expect, test } from 'vitest';
import type { ExperimentDesk } from '../experiment-desk.ts';
import { referenceFrom } from '../fitness/reference.ts';
import { createKnowledge } from '../knowledge.ts';
import type { Remembered } from '../remembered.ts';
import { sampleDesign, sampleMeasurement } from '../testing/samples.ts';
import type { CampaignOffice } from './campaign-office.ts';
import { createOpenedOrdinals } from './opened-ordinals.ts';
import { sampleAhead } from './sampling.ts';
import { createSettledLedger } from './settled-ledger.ts';

const reference = referenceFrom(
  [2, 2.1].map((languageModelLoss) => ({ name: 'delta-net', measurement: sampleMeasurement({ languageModelLoss }) })),
  'y',
);
const campaign = runningCampaign({
  settings: { baselines: [{ name: 'delta-net', seeds: [0, 1] }], budget: { candidates: 4 }, inFlight: 1 },
  baselineIds: ['c001-b01', 'c001-b02'],
  inFlight: 1,
});

type State = {
  readonly reference: Reference | null;
  readonly settled: number;
  readonly earlier?: readonly ExperimentRecord[];
};

/** What is opened when the first candidate is settled, and so many of the two baselines. */
async function openedWith(
  settledBaselines: readonly string[],
  state: State = { reference, settled: 1 },
): Promise<number[]> {
  const ledger = createSettledLedger();
  const opened = createOpenedOrdinals();
  for (let ordinal = 1; ordinal <= state.settled; ordinal++) {
    ledger.record(ordinal, 'completed');
    opened.add(ordinal);
  }
  const ordinals: number[] = [];
  const knowledge = createKnowledge();
  for (const one of state.earlier ?? []) knowledge.add(one);
  await sampleAhead(
    { ...campaign, reference: state.reference },
    {
      office: {} as CampaignOffice,
      desk: {
        open: async ({ view }: { view: { ordinal: number | null } }) => void ordinals.push(view.ordinal ?? 0),
      } as unknown as ExperimentDesk,
      knowledge: {
        ...knowledge,
        get: (id) => (settledBaselines.includes(id) ? ({ _id: id } as unknown as Remembered) : undefined),
      },
      source: 'director/test',
      clock: { now: () => new Date('2026-01-01T00:00:00.000Z') },
      progress: () => ({ ledger, opened }),
    },
  );
  return ordinals;
}

test('a candidate that may know results waits for every baseline, so that its pool does not depend on who is faster', async () => {
  expect(await openedWith([])).toEqual([]);
  expect(await openedWith(['c001-b02'])).toEqual([]);
  expect(await openedWith(['c001-b01', 'c001-b02'])).toEqual([2]);
});

test('candidates of a further campaign wait for its own baselines, for without their scale the oldest design is as good as the best', async () => {
  const earlier = [
    {
      _id: 'c000-0001',
      campaignNumber: 0,
      kind: 'candidate',
      ordinal: 1,
      arm: null,
      outcome: 'completed',
      name: 'n',
      baseline: null,
      seed: 0,
      parentId: null,
      design: sampleDesign,
      program: null,
      measurement: sampleMeasurement(),
      judgement: null,
      yardstick: campaign.yardstick,
    } as unknown as ExperimentRecord,
  ];
  const both = ['c001-b01', 'c001-b02'];
  expect(await openedWith([], { reference: null, settled: 0, earlier })).toEqual([]);
  expect(await openedWith(both, { reference: null, settled: 0, earlier })).toEqual([]);
  expect(await openedWith(['c001-b01'], { reference, settled: 0, earlier })).toEqual([]);
  expect(await openedWith(both, { reference, settled: 0, earlier })).toEqual([1]);
  // The first campaign of a laboratory knows nothing and waits for nothing.
  expect(await openedWith([], { reference: null, settled: 0 })).toEqual([1]);
});
