import type { TrainingProgress } from '@asi/contracts';

/** Telemetry that waits to be sent to one client: one entry per experiment, so that a slow client gets less, not later. */
export type TelemetryBatch = {
  add(progress: TrainingProgress): void;
  /** Takes what waits. */
  take(): TrainingProgress[];
};

const samplesPerExperiment = 200;

export function createTelemetryBatch(): TelemetryBatch {
  const waiting = new Map<string, TrainingProgress>();
  return {
    add: (progress) => {
      const before = waiting.get(progress.experimentId);
      const samples = before?.jobId === progress.jobId ? [...before.samples, ...progress.samples] : progress.samples;
      waiting.set(progress.experimentId, { ...progress, samples: samples.slice(-samplesPerExperiment) });
    },
    take: () => {
      const taken = [...waiting.values()];
      waiting.clear();
      return taken;
    },
  };
}
