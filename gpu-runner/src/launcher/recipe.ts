/** A way to isolate workers, before anything is proven about it. */
export type Recipe = {
  name: string;
  /** The tier that it gives when the doctor's probes hold. */
  tier: number;
  /** Probes that this tier does not promise to hold: what works is shown as open, and does not speak against the recipe. */
  tolerated: readonly string[];
  /** The argv prefix for a worker in a slot, with the usual limit of memory or another in bytes; the worker's own argv follows. Empty on tier 0. */
  launcher: (slot: number, memory?: number) => string[];
};

/** Clean environment, resource limits and a process group of its own, all given by the job process that the runner starts. */
export const noIsolation: Recipe = { name: 'none', tier: 0, tolerated: [], launcher: () => [] };
