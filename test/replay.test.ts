import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replayReportSchema } from '@asi/reading';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { asiJson, endEveryAsi, startAsi } from './support/asi-command.ts';
import { survivors } from './support/living-processes.ts';
import { recordCampaigns } from './support/recorded-campaigns.ts';

const base = mkdtempSync(join(tmpdir(), 'asi-replay-'));
const home = join(base, 'state');
const ledger = join(home, 'runners/gpu-runner/jobs');

/** The second campaign begins from what the first one learnt. */
beforeAll(() => recordCampaigns(base, home, [1, 2]), 180_000);

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
