/** One step of a training that was tried, as the worker tells it. */
export type ToldStep = {
  readonly step: number;
  /** In nats; NaN or infinite where the program went wrong. */
  readonly loss: number;
  readonly gradientNorm: number;
  readonly seconds: number;
};

export type TriedTask = {
  readonly task: string;
  /** Of a whole training. */
  readonly steps: number;
  readonly told: readonly ToldStep[];
};

export type ReadSteps = {
  readonly tasks: readonly TriedTask[];
  /** The first task that came to no end; null: none. */
  readonly failed: { readonly task: string; readonly reason: string; readonly message: string } | null;
};

const stepLine = /^(\S+) step (\d+) of (\d+): loss (\S+) nats, gradient norm (\S+), (\S+) s$/;
const failureLine = /^(\S+) failed, ([a-z-]+): (.*)$/;

/** Reads what the probe `steps` prints (gpu-runner/trainer/trainer/worker/probes/steps.py); lines of other kinds are the program's own. */
export function readSteps(printed: string): ReadSteps {
  const tasks = new Map<string, { readonly steps: number; readonly told: ToldStep[] }>();
  let failed: ReadSteps['failed'] = null;
  for (const line of printed.split('\n')) {
    const [, task, step, steps, loss, gradientNorm, seconds] = stepLine.exec(line) ?? [];
    if (task !== undefined) {
      const known = tasks.get(task) ?? { steps: Number(steps), told: [] };
      tasks.set(task, known);
      // Python writes nan and inf, which are no numbers here: both are not finite.
      known.told.push({
        step: Number(step),
        loss: Number(loss),
        gradientNorm: Number(gradientNorm),
        seconds: Number(seconds),
      });
      continue;
    }
    const [, failedTask, reason, message] = failureLine.exec(line) ?? [];
    if (failedTask !== undefined && reason !== undefined && message !== undefined)
      failed ??= { task: failedTask, reason, message };
  }
  return { tasks: [...tasks].map(([task, one]) => ({ task, ...one })), failed };
}
