import { encodeNonFinite } from '@asi/contracts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type JobEvent, jobEventSchema } from '../job-event.ts';
import { certificateSchema, trainResultSchema } from '../results.ts';
import { eventFromWire, eventToWire } from './event-conversion.ts';
import * as wire from './index.ts';

const measured = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY));
const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const count = fc.nat(2 ** 50);
const name = fc.string({ maxLength: 12 }).filter((text) => text !== '__proto__');
const short = { maxLength: 4 };
const record = <T>(value: fc.Arbitrary<T>) => fc.dictionary(name, value, { maxKeys: 3, noNullPrototype: true });
const time = fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }).map((date) => date.toISOString());
const nullable = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });

const moves = { changes: name, changedAt: fc.array(fc.nat(1000), short), gains: name, meanGains: name };

const trainResult = fc.record({
  tasks: fc.array(
    fc.record({
      task: name,
      metric: fc.constantFrom('accuracy' as const, 'loss' as const),
      value: measured,
      loss: measured,
      standardError: measured,
      sequences: count,
      steps: count,
      learningRate: finite,
      trainCpuSeconds: finite,
      claimedFinalTrainLoss: measured,
      rawSha256: name,
    }),
    { minLength: 1, ...short },
  ),
  raw: record(
    fc.record({
      negativeLogLikelihood: fc.array(measured, short),
      accuracy: fc.array(measured, short),
      answers: fc.array(fc.nat(1000), short),
      answerLosses: name,
      answerHits: name,
      audit: nullable(
        fc.record({
          device: name,
          length: fc.nat(1000),
          cuts: fc.array(fc.nat(1000), short),
          ...moves,
          hits: nullable(fc.record(moves)),
          prefix: nullable(fc.record({ losses: name, hits: name })),
        }),
      ),
    }),
  ),
  curves: record(fc.array(fc.tuple(count, measured), short)),
  battery: measured,
  languageModelLoss: measured,
  parameters: fc.record({ mixer: count, total: count }),
  stateSize: nullable(count),
  flopsPerToken: measured,
  trainTokensPerSecond: measured,
  inferenceTokensPerSecond: nullable(measured),
  neighbourCores: nullable(measured),
  suspectLeak: name,
  peakMemoryBytes: count,
  cpuSeconds: measured,
  startUpSeconds: measured,
  workSeconds: measured,
  suite: name,
  seed: fc.integer({ min: -(2 ** 40), max: 2 ** 40 }),
  trainerVersion: name,
});

const certificate = fc.record({
  verdict: fc.constantFrom('pass' as const, 'flagged' as const, 'fail' as const, 'unsupported' as const),
  findings: fc.array(
    fc.record({
      test: name,
      kind: fc.constantFrom('hard' as const, 'soft' as const, 'reported' as const),
      status: fc.constantFrom('pass' as const, 'fail' as const, 'reported' as const, 'unsupported' as const),
      measured,
      threshold: nullable(measured),
      smallestInput: name,
      message: name,
    }),
    short,
  ),
  parameters: count,
  referenceParameters: count,
  parameterRatio: measured,
  stateSize: nullable(count),
  flopsPerToken: measured,
  flopExponent: measured,
  programHash: name,
  fingerprint: fc.array(fc.array(measured, short), short),
  cpuSeconds: finite,
  trainerVersion: name,
});

const probeResult = fc.record({ stdout: name, stderr: name, exit: fc.nat(1), seconds: finite });

const versions = fc.record({ runner: name, trainer: name, torch: name, python: name });
const outcome = fc.oneof(
  trainResult.map((result) => ({ status: 'ok' as const, kind: 'train' as const, result })),
  certificate.map((result) => ({ status: 'ok' as const, kind: 'certify' as const, result })),
  probeResult.map((result) => ({ status: 'ok' as const, kind: 'probe' as const, result })),
  fc.record({
    status: fc.constant('failed' as const),
    reason: fc.constantFrom('diverged' as const, 'crashed' as const, 'out-of-memory' as const, 'leak' as const),
    message: name,
    evidence: record(name),
  }),
  fc.record({ status: fc.constantFrom('cancelled' as const, 'lost' as const), message: name }),
  fc.record({ status: fc.constant('timeout' as const), message: name, evidence: record(name) }),
);
const body = fc.oneof(
  fc.record({ type: fc.constant('started' as const), versions, device: name }),
  fc.record({
    type: fc.constant('phase' as const),
    phase: fc.constantFrom('starting' as const, 'training' as const, 'probing' as const, 'reporting' as const),
    task: nullable(name),
  }),
  fc.record({
    type: fc.constant('metric' as const),
    task: name,
    step: count,
    steps: count,
    share: nullable(fc.double({ min: 0, max: 1, noNaN: true })),
    values: record(measured),
  }),
  fc.record({
    type: fc.constant('log' as const),
    level: fc.constantFrom('info' as const, 'error' as const),
    text: name,
  }),
  fc.record({
    type: fc.constant('finished' as const),
    outcome,
    provenance: fc.record({
      isolationTier: fc.nat(3),
      isolationHash: name,
      recipe: name,
      origin: fc.constantFrom('grammar' as const, 'foreign' as const, 'builtin' as const),
      device: name,
      versions,
    }),
    times: fc.record({ queued: time, started: nullable(time), working: nullable(time), finished: nullable(time) }),
  }),
);
const event = fc.record({ seq: fc.integer({ min: 1, max: 2 ** 40 }), time, event: body });

const throughBytes = (message: wire.JobEvent): wire.JobEvent =>
  wire.JobEvent.decode(wire.JobEvent.encode(message).finish());
const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value, encodeNonFinite));
/** JSON and protobuf may turn -0 into 0, which no measurement depends on. */
const withoutNegativeZero = (value: JobEvent): unknown =>
  JSON.parse(JSON.stringify(value, (key, inner) => encodeNonFinite(key, inner)));

it('carries every event over the wire unchanged, diverged measurements included', () => {
  fc.assert(
    fc.property(event, (sent) => {
      const received = eventFromWire(throughBytes(eventToWire(sent)));
      expect(received && withoutNegativeZero(received)).toEqual(withoutNegativeZero(sent));
    }),
    { numRuns: 300 },
  );
});

it('reads back from the ledger what it wrote there', () => {
  fc.assert(
    fc.property(event, (sent) => {
      expect(withoutNegativeZero(jobEventSchema.parse(throughJson(sent)))).toEqual(withoutNegativeZero(sent));
    }),
    { numRuns: 300 },
  );
});

it('does not read a result that lacks a field or has a word for a number', () => {
  fc.assert(
    fc.property(trainResult, certificate, (result, proof) => {
      const { battery: _, ...incomplete } = result;
      expect(trainResultSchema.safeParse(throughJson(incomplete)).success).toBe(false);
      expect(trainResultSchema.safeParse({ ...(throughJson(result) as object), battery: 'good' }).success).toBe(false);
      expect(certificateSchema.safeParse({ ...(throughJson(proof) as object), verdict: 'maybe' }).success).toBe(false);
    }),
    { numRuns: 20 },
  );
});

it('does not deliver a heartbeat as an event of the ledger', () => {
  const heartbeat: wire.JobEvent = {
    seq: 3n,
    time: new Date(0).toISOString(),
    event: { $case: 'heartbeat', value: { state: 'JOB_STATE_RUNNING' } },
  };
  expect(eventFromWire(throughBytes(heartbeat))).toBeNull();
});
