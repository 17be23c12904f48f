import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { endEveryAsi, startAsi, stepsTold } from './support/asi-command.ts';
import { type Chaos, startChaos, workerOfTheTrainer } from './support/chaos.ts';
import { contradictionsIn } from './support/contradictions.ts';
import { comparable } from './support/final-documents.ts';
import { familyOf, survivors } from './support/living-processes.ts';
import { wholeRecord } from './support/whole-record.ts';

/** Every training costs some ten seconds, most of them imports of torch: confirmations are under chaos in the full run. */
const full = process.env.ASI_TEST_FULL === '1';
const settings = `
title: chaos
suite: cpu-smoke
seed: 7
evaluationSeed: the same for both laboratories
baselines:
  - { name: delta-net, seeds: [0, 1] }
budget: { candidates: ${full ? 3 : 2} }
inFlight: 1
confirmation: { best: ${full ? 1 : 0}, seeds: 2 }
limits: { wallSeconds: 1800, trainingSeconds: 3600 }
`;
/** One slot, so that the order of results is the same; short leases, so that what a killed process held is soon another's. */
const environment = { ASI_RUNNER_SLOTS: '1', ASI_LEASE_SECONDS: '2' };
const everyProcess = [
  ...['director', 'researcher', 'engineer', 'analyst', 'judge', 'archive', 'cognition', 'observatory'],
  ...['gpu-runner', 'servers', workerOfTheTrainer],
];
/** A candidate is told of in three steps, a baseline in two. */
const killsPerStep = full ? 3 : 4;
const seed = 20_250_101;

const base = mkdtempSync(join(tmpdir(), 'asi-chaos-'));
afterAll(async () => {
  await endEveryAsi();
  rmSync(base, { recursive: true, force: true, maxRetries: 5 });
});

/** The campaign as a user runs it, on a state folder of its own. */
async function campaign(name: string, disturb: (home: string, steps: () => number) => Chaos | null) {
  const home = join(base, name);
  const file = join(base, `${name}.yaml`);
  writeFileSync(file, settings);
  const command = startAsi(home, ['run', '--campaign', file], environment);
  let chaos: Chaos | null = null;
  try {
    await command.seen(/campaign c001 is started/);
    const family = familyOf(command.pid);
    chaos = disturb(home, () => stepsTold(command));
    const end = await command.ended;
    await chaos?.stop();
    expect(end, command.output()).toEqual({ code: 0, signal: null });
    expect(await survivors(family, home, 0), 'processes that outlived the run').toEqual([]);
  } finally {
    await chaos?.stop();
    command.signal('SIGTERM');
    await command.ended;
  }
  return { record: await wholeRecord(home), kills: chaos?.kills() ?? {} };
}

it('kill -9 of every process at random moments changes no final document, loses nothing, counts nothing twice', {
  timeout: 900_000,
}, async () => {
  const [undisturbed, disturbed] = await Promise.all([
    campaign('undisturbed', () => null),
    // Each kill of the runner or of a worker costs a training, so that one is enough here.
    campaign('disturbed', (home, steps) =>
      startChaos({
        home,
        seed,
        pauseSeconds: [0.25, 2],
        times: 2,
        fewer: { 'gpu-runner': 1, [workerOfTheTrainer]: 1 },
        allowed: () => killsPerStep * (1 + steps()),
      }),
    ),
  ]);
  expect(Object.keys(disturbed.kills).sort(), 'every process was killed').toEqual([...everyProcess].sort());
  for (const { record } of [undisturbed, disturbed]) {
    expect(contradictionsIn(record)).toEqual([]);
    expect(record.deadLetters).toEqual([]);
  }
  // One under way at once, so that each candidate knows what came before it: that must not be changed by a kill either.
  const horizons = undisturbed.record.experiments.flatMap(({ ordinal, horizon }) => (ordinal === null ? [] : horizon));
  expect(horizons).toEqual(full ? [0, 1, 2] : [0, 1]);
  expect(disturbed.record.experiments.map(comparable)).toEqual(undisturbed.record.experiments.map(comparable));
  const withoutTime = ({ at: _at, ...rest }: (typeof undisturbed.record.insights)[number]) => rest;
  expect(disturbed.record.insights.map(withoutTime)).toEqual(undisturbed.record.insights.map(withoutTime));
});
