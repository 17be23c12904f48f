import type { Bus } from '@asi/bus';
import { filterFor, parseSubject, type TrainingProgress, trainingProgress } from '@asi/contracts';
import { createLiveCurves, type LiveTraining } from './live-curves.ts';

/** Telemetry of all trainings, received once for the process and handed to whoever listens. */
export type TelemetryFeed = {
  list(): LiveTraining[];
  listen(see: (progress: TrainingProgress) => void): () => void;
  stop(): void;
};

export function createTelemetryFeed(bus: Pick<Bus, 'watch'>): TelemetryFeed {
  const curves = createLiveCurves();
  const listeners = new Set<(progress: TrainingProgress) => void>();
  const telemetry = bus.watch(
    filterFor(trainingProgress.kind, trainingProgress.owner, trainingProgress.name),
    (envelope) => {
      const progress = trainingProgress.data.safeParse(envelope.data);
      if (!progress.success) return;
      curves.see(progress.data, envelope.time);
      for (const listener of listeners) listener(progress.data);
    },
  );
  const ends = bus.watch(filterFor('evt', 'engineer', '*'), (_envelope, subject) => {
    const parts = parseSubject(subject);
    if (parts && parts.name !== 'started') curves.forget(parts.experiment);
  });
  return {
    list: curves.list,
    listen: (see) => {
      listeners.add(see);
      return () => listeners.delete(see);
    },
    stop: () => {
      telemetry.stop();
      ends.stop();
    },
  };
}
