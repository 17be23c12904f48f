import type { JobSpec } from '@asi/runner-client';

/** A complete specification for tests; `behaviour` is what the fake trainer is asked to do. */
export const exampleSpec = (behaviour: string, changes: Partial<JobSpec> = {}): JobSpec => ({
  kind: 'train',
  program: { origin: 'grammar', source: `# fake: ${behaviour}\n` },
  suite: 'cpu-smoke',
  seed: 1,
  evaluationSeed: 'held-out',
  device: 'cpu',
  limits: { wallSeconds: 60, memoryBytes: 2_000_000_000 },
  parameterBudget: null,
  attempt: 1,
  token: 'token-of-attempt-1',
  labels: {},
  ...changes,
});
