import { type CampaignRecord, campaignRecordSchema } from '@asi/contracts';

/** A campaign that runs and has sampled nothing, for tests. */
export const runningCampaign = (change: Partial<Record<keyof CampaignRecord, unknown>> = {}): CampaignRecord =>
  campaignRecordSchema.parse({
    _id: 'c001',
    number: 1,
    rev: 0,
    state: 'running',
    startedBy: 'test',
    note: '',
    settings: {},
    drawnEvaluationSeed: 'drawn',
    yardstick: 'y',
    baselineIds: [],
    reference: null,
    inFlight: 4,
    startedAt: '2026-01-01T00:00:00.000Z',
    finishedAt: null,
    ...change,
  });
