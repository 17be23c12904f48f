import { type Bus, connectBus } from '@asi/bus';
import {
  catalogue,
  type DataOf,
  derivedMessageId,
  type Envelope,
  everyCommandFor,
  gateAskedSchema,
  gateMessages,
  hashText,
  type Measurement,
  type ProcessStatus,
} from '@asi/contracts';

export type Script = {
  /** Candidates whose design is refused as a twin. */
  readonly rejects?: (ordinal: number) => boolean;
  /** Trainings that end as given, by experiment and attempt; everything else is measured. */
  readonly training?: (experimentId: string, attempt: number) => 'measured' | 'lost' | 'diverged';
  /** What fails at its first attempt and succeeds at the second. */
  readonly failsOnce?: (role: 'researcher' | 'judge' | 'analyst', experimentId: string) => boolean;
  /** Candidates that somebody cancels when their design is asked for, which is then never given. */
  readonly cancels?: (ordinal: number) => boolean;
  /** Experiments that the judge says nothing to. */
  readonly isJudgeSilent?: (experimentId: string) => boolean;
  /** A role that stands as a gate, and what it says; null is silence. */
  readonly gate?: { readonly role: string; readonly verdict: (experimentId: string) => 'allow' | 'veto' | null };
  /** Components of a candidate's design. */
  readonly components?: (ordinal: number) => string[];
  /** What else than the usual is measured. */
  readonly measured?: (experimentId: string) => Partial<Measurement>;
};

const hash = hashText('scripted');
const programOf = (ordinal: number) => hashText(`scripted program ${ordinal}`);
const numberFrom = (text: string): number => Number.parseInt(hashText(text).slice(0, 8), 16) / 0xffffffff;

/**
 * Researcher, engineer, judge, analyst and a gate in this process, for tests of what stands between them: real messages on the
 * real broker, answers that depend only on the question. Their limits: they measure nothing and never die.
 */
export async function startScriptedRoles(
  natsUrl: string,
  script: Script = {},
): Promise<{ bus: Bus; stop(): Promise<void> }> {
  const bus = await connectBus({ url: natsUrl, source: 'scripted/1' });
  const status = (): ProcessStatus => ({
    role: 'engineer',
    instance: 'scripted',
    version: '0.0.0',
    state: 'ready.idle',
    tasks: [],
    handled: 0,
    failed: 0,
    deadLetters: 0,
    startedAt: new Date().toISOString(),
    memoryBytes: 0,
    details: { trainerVersion: 'scripted', slots: 1, runner: 'none' },
  });
  const announcement = await bus.announce(status);

  const answer = async (envelope: Envelope): Promise<void> => {
    const common = envelope.data as DataOf<'design'>;
    const { experimentId, campaignId, attempt, token } = common;
    const occurrence = (what: string) => ({
      experimentId,
      campaignId,
      cause: envelope,
      attempt,
      id: derivedMessageId(envelope.id, what),
    });
    const base = { campaignId, experimentId, attempt, token };
    const fails = (role: 'researcher' | 'judge' | 'analyst') =>
      attempt === 1 && script.failsOnce?.(role, experimentId) === true;
    const failure = {
      ...occurrence('answer'),
      data: {
        ...base,
        kind: 'retryable' as const,
        reason: { code: 'once', message: 'scripted', evidenceHash: null },
      },
    };
    switch (envelope.type) {
      case catalogue.design.type: {
        const { ordinal, parent } = common;
        if (script.cancels?.(ordinal)) {
          const { cause, id } = occurrence('cancelled');
          await bus.publish(catalogue.cancelExperiment, {
            experimentId,
            campaignId,
            cause,
            id,
            data: { experimentId },
          });
          return;
        }
        if (fails('researcher')) {
          await bus.publish(catalogue.designFailed, failure);
          return;
        }
        if (script.rejects?.(ordinal)) {
          await bus.publish(catalogue.designRejected, {
            ...occurrence('answer'),
            data: { ...base, reason: { code: 'twin', message: 'of another', evidenceHash: null }, twinOf: 'x' },
          });
          return;
        }
        const design: DataOf<'designed'>['design'] = {
          name: `scripted-${ordinal}-from-${parent.name}`,
          motivation: 'scripted',
          prediction: null,
          programHash: programOf(ordinal),
          genomeHash: hash,
          components: script.components?.(ordinal) ?? [`write=${ordinal % 3}`],
          citations: [],
          certificateHash: null,
          parameters: 1,
          flopsPerToken: 1,
          nearest: null,
          twinsAvoided: 0,
          certificateFailures: 0,
          author: 'scripted',
        };
        await bus.publish(catalogue.designed, {
          ...occurrence('answer'),
          data: { ...base, design, program: { kind: 'source', hash: programOf(ordinal), origin: 'grammar' } },
        });
        return;
      }
      case catalogue.train.type: {
        const data = envelope.data as DataOf<'train'>;
        const jobId = `${experimentId}-t${attempt}`;
        await bus.publish(catalogue.trainingStarted, {
          ...occurrence('started'),
          data: { ...base, jobId, runner: 'scripted', isolationTier: 0 },
        });
        const end = script.training?.(experimentId, attempt) ?? 'measured';
        if (end === 'measured') {
          await bus.publish(catalogue.trained, {
            ...occurrence('answer'),
            data: {
              ...base,
              jobId,
              measurement: {
                ...scriptedMeasurement(experimentId.replace(/^c\d+/, ''), data),
                ...script.measured?.(experimentId),
              },
            },
          });
        } else {
          const reason = { code: end, message: end, evidenceHash: null };
          await bus.publish(catalogue.trainingFailed, {
            ...occurrence('answer'),
            data: { ...base, kind: end === 'lost' ? 'retryable' : 'terminal', reason },
          });
        }
        return;
      }
      case catalogue.judge.type:
        if (script.isJudgeSilent?.(experimentId)) return;
        if (fails('judge')) {
          await bus.publish(catalogue.judgingFailed, failure);
          return;
        }
        await bus.publish(catalogue.judged, {
          ...occurrence('answer'),
          data: {
            ...base,
            judgement: {
              criteria: { performance: 5 },
              weights: { performance: 1 },
              total: 5,
              reason: 'scripted',
              author: 'scripted',
            },
          },
        });
        return;
      case catalogue.analyse.type:
        if (fails('analyst')) {
          await bus.publish(catalogue.analysingFailed, failure);
          return;
        }
        await bus.publish(catalogue.analysed, {
          ...occurrence('answer'),
          data: {
            ...base,
            analysis: {
              comparisons: [],
              predictionHeld: null,
              text: 'scripted',
              insightIds: [],
              citations: [],
              author: 'scripted',
            },
          },
        });
        return;
    }
  };

  const { gate } = script;
  const giveVerdict = async (envelope: Envelope): Promise<void> => {
    if (!gate) return;
    const { campaignId, experimentId, attempt, token, stage } = gateAskedSchema.parse(envelope.data);
    const verdict = gate.verdict(experimentId);
    if (verdict === null) return;
    await bus.publish(gateMessages(gate.role).answered, {
      experimentId,
      campaignId,
      cause: envelope,
      id: derivedMessageId(envelope.id, 'answer'),
      data: { campaignId, experimentId, attempt, token, stage, verdict, why: 'scripted', evidenceHash: null },
    });
  };

  const consumptions = await Promise.all(
    ['researcher', 'engineer', 'judge', 'analyst', ...(gate ? [gate.role] : [])].map((role) =>
      bus.consume({
        durable: role,
        filters: [everyCommandFor(role)],
        concurrency: 4,
        leaseSeconds: 5,
        handle: ({ envelope }) => (role === gate?.role ? giveVerdict(envelope) : answer(envelope)),
      }),
    ),
  );
  return {
    bus,
    stop: async () => {
      await Promise.all(consumptions.map((one) => one.stop()));
      await announcement.stop();
      await bus.close();
    },
  };
}

function scriptedMeasurement(key: string, data: DataOf<'train'>): Measurement {
  const noise = numberFrom(`${key}/${data.seed}`);
  return {
    suite: data.suite,
    seed: data.seed,
    battery: 0.4 + 0.4 * noise,
    languageModelLoss: 2 + noise,
    tasks: [
      {
        task: 'parity',
        metric: 'accuracy',
        value: noise,
        loss: noise,
        standardError: 0.01,
        sequences: 1,
        steps: 1,
        learningRate: 0.1,
        trainCpuSeconds: 0,
        claimedFinalTrainLoss: 0,
        rawSha256: hash,
      },
    ],
    parameters: { mixer: 1, total: 1 },
    stateSize: 1,
    flopsPerToken: 1,
    trainTokensPerSecond: 1,
    peakMemoryBytes: 1,
    cpuSeconds: 0,
    startUpSeconds: 0,
    workSeconds: 0,
    trainerVersion: 'scripted',
    isolationTier: 0,
    isolationProof: 'none',
    runner: 'scripted',
    rawHash: hash,
    curvesHash: hash,
  };
}
