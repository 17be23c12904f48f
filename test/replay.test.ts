import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStack } from '@asi/lab';
import { replayReportSchema } from '@asi/reading';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { houseWithNullRunner } from './bench/support/house-with-null-runner.ts';
import { asi, asiJson, endEveryAsi, startAsi } from './support/asi-command.ts';
import { familyOf, survivors } from './support/living-processes.ts';

const base = mkdtempSync(join(tmpdir(), 'asi-replay-'));
const home = join(base, 'state');
const ledger = join(home, 'runners/gpu-runner/jobs');

/** The real house but for the runner, which trains nothing; the second campaign begins from what the first one learnt. */
beforeAll(async () => {
  const root = join(base, 'house');
  houseWithNullRunner(root);
  const { NATS_URL: _nats, MONGODB_URL: _mongodb, ...env } = process.env;
  const stack = await startStack({ root, env: { ...env, ASI_HOME: home, ASI_RUNNER_SLOTS: '2' } });
  try {
    for (const seed of [1, 2]) {
      const file = join(base, `campaign-${seed}.yaml`);
      writeFileSync(
        file,
        `seed: ${seed}\nbaselines: [{ name: delta-net, seeds: [0, 1] }]\nbudget: { candidates: 4 }\nconfirmation: { best: 0 }\n`,
      );
      await asi(home, 'run', '--campaign', file);
    }
  } finally {
    await stack.stop();
  }
}, 180_000);

afterAll(async () => {
  await endEveryAsi();
  rmSync(base, { recursive: true, force: true, maxRetries: 5 });
});

const replay = async (...args: string[]) => {
  const command = startAsi(home, ['replay', ...args, '--json']);
  const { code } = await command.ended;
  if (!command.output().includes('recordedDigest')) throw new Error(command.output());
  return { code, report: replayReportSchema.parse(JSON.parse(command.output())) };
};

it('a campaign with earlier ones before it comes to the same digest with another number of slots, and leaves nothing behind', {
  timeout: 120_000,
}, async () => {
  const { code, report } = await replay('c002', '--slots', '1');
  expect(report.divergence).toBeNull();
  // The baselines are those of c001: four candidates and the reference.
  expect(report).toMatchObject({
    equal: true,
    decisions: 5,
    equalDecisions: 5,
    candidates: 4,
    leftOut: [],
    folder: null,
  });
  expect(report.replayedDigest).toBe(report.recordedDigest);
  expect(code).toBe(0);
  expect(readdirSync(join(home, 'replays'))).toEqual([]);
  expect(await survivors([], home, 0)).toEqual([]);
});

it('one altered answer of a runner is named: experiment, field, both values; and the replay is there to be looked at', {
  timeout: 120_000,
}, async () => {
  const { before, after } = alterLoss('c001-0002-t1');
  const { code, report } = await replay('c001', '--slots', '3');
  expect(report).toMatchObject({
    equal: false,
    equalDecisions: 4,
    divergence: {
      id: 'c001-0002',
      field: 'measurement.languageModelLoss',
      recorded: String(before),
      replayed: String(after),
      question: null,
      jobs: [],
    },
  });
  expect(report.replayedDigest).not.toBe(report.recordedDigest);
  expect(code).toBe(1);
  const kept = report.folder ?? '';
  expect(existsSync(kept)).toBe(true);
  expect(await asiJson(kept, 'show', 'c001-0002')).toMatchObject({
    record: { measurement: { languageModelLoss: after } },
  });
  // The original still says what it said.
  expect(await asiJson(home, 'show', 'c001-0002')).toMatchObject({
    record: { measurement: { languageModelLoss: before } },
  });
});

it('Ctrl-C ends a replay with all that it started, and removes its folder', { timeout: 120_000 }, async () => {
  const folders = readdirSync(join(home, 'replays'));
  const command = startAsi(home, ['replay', 'c002']);
  await command.seen(/decisions to compare/);
  const family = familyOf(command.pid);
  command.signal('SIGINT');
  expect(await command.ended, command.output()).toEqual({ code: 130, signal: null });
  expect(await survivors(family, home, 0)).toEqual([]);
  expect(readdirSync(join(home, 'replays'))).toEqual(folders);
});

it('without its ledgers a replay is refused, and told where to look for them', async () => {
  const command = startAsi(home, ['replay', 'c002', '--ledgers', base]);
  expect(await command.ended).toMatchObject({ code: 1 });
  expect(command.output()).toMatch(/hold no training of this campaign: say where they are with --ledgers/);
});

/** Makes the ledger say another loss than was reported. */
function alterLoss(job: string): { before: number; after: number } {
  const path = join(ledger, job, 'events.jsonl');
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  const last = JSON.parse(lines.pop() ?? '');
  const { result } = last.event.outcome;
  const before: number = result.languageModelLoss;
  result.languageModelLoss = before - 0.25;
  writeFileSync(path, `${[...lines, JSON.stringify(last)].join('\n')}\n`);
  return { before, after: result.languageModelLoss };
}
