import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../environment.ts';
import { fakeTrainerPath } from '../testing/start-runner.ts';
import { type RememberOptions, rememberedExamination } from './remembered-examination.ts';
import { anyPython, pretendedPrograms, ranNothing } from './testing/pretended-programs.ts';

const { folder, pretendBubblewrap } = pretendedPrograms();
const memory = join(folder, 'proofs', 'isolation.json');
const morning = Date.parse('2026-11-29T08:00:00Z');
const options = (hours = 0): RememberOptions => ({
  python: anyPython,
  trainerPath: fakeTrainerPath,
  launcher: readEnvironment(process.env).launcher,
  mode: 'auto',
  memory,
  clock: { now: () => new Date(morning + hours * 3_600_000) },
});

const first = await rememberedExamination(options());
const remembered = existsSync(memory) ? readFileSync(memory, 'utf8') : null;
const reused = /; proven at 2026-11-29T08:00:00\.000Z$/;

// Where no sandbox holds at the first try there is nothing to remember.
describe.runIf(remembered !== null)('a proof of isolation that is remembered', () => {
  it('is the same proof, and says when it was made', async () => {
    const again = await rememberedExamination(options(1));
    expect(again.isolation.note).toMatch(reused);
    expect({ ...again.isolation, note: first.isolation.note }).toEqual(first.isolation);
    expect(again.launcher(3)).toEqual(first.launcher(3));
  });

  it('is not taken after a day, nor when the clock has gone back', async () => {
    for (const hours of [24, -1]) {
      expect((await rememberedExamination(options(hours))).isolation.note).not.toMatch(/proven at/);
      writeFileSync(memory, remembered ?? '');
    }
  });

  it('does not speak for a bwrap that was put in the place of the one that was examined', async () => {
    pretendBubblewrap(ranNothing);
    const { isolation } = await rememberedExamination(options(1));
    expect(isolation.note).not.toMatch(/proven at/);
    expect(isolation.note).toMatch(/attacks worked/);
    // What did not hold is tried again next time: it may have been the fault of a moment.
    expect(readFileSync(memory, 'utf8')).toBe(remembered);
  });

  it('is not taken from a file that somebody has edited', async () => {
    writeFileSync(memory, (remembered ?? '').replace('"not-applicable"', '"blocked"').replace('"blocked"', '"open"'));
    expect((await rememberedExamination(options(1))).isolation).toEqual(first.isolation);
    writeFileSync(memory, '{"circumstances":');
    expect((await rememberedExamination(options(2))).isolation).toEqual(first.isolation);
    writeFileSync(memory, remembered ?? '');
  });

  it('is not needed: where it cannot be kept every start examines', async () => {
    const nowhere = { ...options(1), memory: join(memory, 'isolation.json') };
    expect((await rememberedExamination(nowhere)).isolation).toEqual(first.isolation);
  });
});

it('an isolation that is switched off is switched off, whatever was proven before', async () => {
  const { isolation } = await rememberedExamination({ ...options(1), mode: 'none' });
  expect(isolation).toMatchObject({ tier: 0, note: 'switched off by ASI_RUNNER_ISOLATION=none' });
});
