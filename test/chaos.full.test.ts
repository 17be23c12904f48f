import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { type AsiCommand, endEveryAsi, startAsi, stepsTold } from './support/asi-command.ts';
import { type Chaos, startChaos, workerOfTheTrainer } from './support/chaos.ts';
import { contradictionsIn } from './support/contradictions.ts';
import { familyOf, survivors } from './support/living-processes.ts';
import { wholeRecord } from './support/whole-record.ts';

const settings = `
title: longer chaos
suite: cpu-smoke
baselines:
  - { name: delta-net, seeds: [0, 1] }
  - { name: mamba2, seeds: [0] }
budget: { candidates: 10 }
confirmation: { best: 2, seeds: 3 }
`;
const slots = 3;
const timesKilled = 3;
const killsPerStep = 3;
const baselineRuns = 3;
const minutes = 20;

const base = mkdtempSync(join(tmpdir(), 'asi-chaos-full-'));
afterAll(async () => {
  await endEveryAsi();
  rmSync(base, { recursive: true, force: true, maxRetries: 5 });
});

it.each([1, 2])(
  'with several slots and everything killed again and again, nothing is missing, double or contradictory (seed %i)',
  {
    timeout: minutes * 60_000,
  },
  async (seed) => {
    const home = join(base, `seed-${seed}`);
    const file = join(base, `seed-${seed}.yaml`);
    writeFileSync(file, `${settings}seed: ${seed}\n`);
    const environment = { ASI_RUNNER_SLOTS: String(slots), ASI_LEASE_SECONDS: '2' };
    let command = startAsi(home, ['run', '--campaign', file], environment);
    let chaos: Chaos | null = null;
    try {
      await command.seen(/campaign c001 is started/);
      const earlier: AsiCommand = command;
      const steps = () => stepsTold(earlier) + (command === earlier ? 0 : stepsTold(command));
      chaos = startChaos({
        home,
        seed,
        pauseSeconds: [0.1, 4],
        times: 3 * timesKilled,
        allowed: () => killsPerStep * (1 + steps()),
        fewer: { 'gpu-runner': timesKilled, [workerOfTheTrainer]: 2 },
      });
      // The lab itself is killed too, once a candidate has a result.
      await command.seen(/c001-\d{4} .* completed/, minutes * 60);
      const family = familyOf(command.pid);
      command.signal('SIGKILL');
      await command.ended;
      expect(await survivors(family, home, 10)).toEqual([]);
      command = startAsi(home, ['run'], environment);
      expect(await command.ended, command.output()).toEqual({ code: 0, signal: null });
      await chaos.stop();
      expect(await survivors([], home, 0)).toEqual([]);
      expect(chaos.kills()['gpu-runner'], JSON.stringify(chaos.kills())).toBe(timesKilled);
    } finally {
      await chaos?.stop();
      command.signal('SIGTERM');
      await command.ended;
    }
    const record = await wholeRecord(home);
    expect(contradictionsIn(record)).toEqual([]);
    expect(record.deadLetters).toEqual([]);
    expect(record.experiments.filter(({ kind }) => kind === 'baseline')).toHaveLength(baselineRuns);
  },
);
