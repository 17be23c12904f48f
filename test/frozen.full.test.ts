import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readStack } from '../services/lab/src/stack/stack-file.ts';
import { stateFolder } from '../services/lab/src/stack/state-folder.ts';
import { endEveryAsi, startAsi } from './support/asi-command.ts';
import { contradictionsIn } from './support/contradictions.ts';
import { familyOf, survivors } from './support/living-processes.ts';
import { wholeRecord } from './support/whole-record.ts';

const settings = `
title: frozen
suite: cpu-smoke
baselines:
  - { name: delta-net, seeds: [0, 1] }
budget: { candidates: 1 }
confirmation: { best: 0 }
`;

const home = mkdtempSync(join(tmpdir(), 'asi-frozen-'));
afterAll(async () => {
  await endEveryAsi();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

it('a process that hangs, any of them, servers included, does not hang the campaign: it is killed and started again', {
  timeout: 300_000,
}, async () => {
  const file = join(home, 'campaign.yaml');
  writeFileSync(file, settings);
  const command = startAsi(home, ['run', '--campaign', file], { ASI_SILENCE_SECONDS: '15', ASI_LEASE_SECONDS: '2' });
  await command.seen(/c001 is started/);
  const family = familyOf(command.pid);
  const processes = () => readStack(stateFolder({ ASI_HOME: home }))?.processes ?? [];
  const frozen = processes().filter(({ state }) => state === 'running');
  expect(frozen.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['servers', 'gpu-runner', 'director', 'analyst']),
  );
  for (const { pid } of frozen) process.kill(pid ?? Number.NaN, 'SIGSTOP');
  const seenAgain = new Set<string>();
  const look = setInterval(() => {
    for (const { name, restarts } of processes()) if (restarts > 0) seenAgain.add(name);
  }, 100);
  const end = await command.ended;
  clearInterval(look);
  expect(end, command.output()).toEqual({ code: 0, signal: null });
  expect(command.output()).toMatch(/asi: engineer hung \(no sign of life for 15 s: killed\)/);
  expect([...seenAgain].sort()).toEqual(frozen.map(({ name }) => name).sort());
  expect(await survivors(family, home, 0), 'processes that outlived the run').toEqual([]);
  const record = await wholeRecord(home);
  expect(contradictionsIn(record)).toEqual([]);
  expect(record.deadLetters).toEqual([]);
});
