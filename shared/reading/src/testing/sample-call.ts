import { hashText } from '@asi/contracts';
import { type StoredCall, storedCallSchema } from '@asi/store';

/** An answered call of a researcher for this experiment, with what is different about it. */
export const sampleCall = (experimentId: string | null, name: string, change: Partial<StoredCall> = {}): StoredCall =>
  storedCallSchema.parse({
    _id: hashText(`${experimentId}/${name}`),
    campaignId: experimentId?.split('-')[0] ?? 'c001',
    experimentId,
    role: 'researcher',
    node: 'design',
    promptVersion: 'v',
    model: 'sample-model',
    promptHash: hashText(`prompt ${name}`),
    state: 'answered',
    openings: 1,
    answerHash: hashText(`answer ${name}`),
    usage: { input: 1000, output: 200, cached: 400, reasoning: 50 },
    reserved: 3000,
    dollars: 0.002,
    seconds: 3,
    retries: 0,
    brokenOff: 0,
    error: null,
    refusal: null,
    openedAt: '2026-01-15T09:00:00.000Z',
    closedAt: '2026-01-15T09:00:03.000Z',
    atMost: { input: 1000, output: 2000 },
    announced: true,
    opening: null,
    ...change,
  } satisfies StoredCall);

/** A call that was begun and not ended. */
export const openSampleCall = (experimentId: string, name: string, change: Partial<StoredCall> = {}): StoredCall =>
  sampleCall(experimentId, name, {
    state: 'open',
    answerHash: null,
    usage: null,
    dollars: null,
    seconds: 0,
    closedAt: null,
    announced: false,
    opening: null,
    ...change,
  });
