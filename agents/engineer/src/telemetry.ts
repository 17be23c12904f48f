import type { Bus } from '@asi/bus';
import { type DataOf, type TrainingProgress, trainingProgress } from '@asi/contracts';
import type { JobEvent } from '@asi/runner-client';

const flushMilliseconds = 250;

/** Sends the curve of a running job as it grows, in batches: telemetry must cost the training nothing. */
export function createProgressReporter(bus: Bus, data: DataOf<'train'>, jobId: string) {
  let phase = 'starting';
  let task: string | null = null;
  let share: number | null = null;
  let samples: TrainingProgress['samples'] = [];
  let timer: NodeJS.Timeout | null = null;

  const flush = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
    bus.emit(trainingProgress, {
      experimentId: data.experimentId,
      campaignId: data.campaignId,
      data: { experimentId: data.experimentId, jobId, phase, task, share, samples },
    });
    samples = [];
  };

  return {
    see: ({ event }: JobEvent): void => {
      if (event.type === 'phase') {
        phase = event.phase;
        task = event.task;
      } else if (event.type === 'metric') {
        task = event.task;
        share = event.share;
        samples.push({
          task: event.task,
          step: event.step,
          steps: event.steps,
          loss: event.values.loss ?? Number.NaN,
          gradientNorm: event.values.gradientNorm ?? Number.NaN,
          learningRate: event.values.learningRate ?? 0,
        });
      } else return;
      timer ??= setTimeout(flush, flushMilliseconds);
    },
    end: (): void => {
      phase = 'finished';
      flush();
    },
  };
}
