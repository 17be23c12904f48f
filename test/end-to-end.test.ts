import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogue, experimentRecordSchema, fitnessSchema } from '@asi/contracts';
import { armComparisonSchema } from '@asi/reading';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { trainerPython } from '../services/lab/src/stack/toolchain.ts';
import { type AsiCommand, asiJson, asiJsonLines, endEveryAsi, repository, startAsi } from './support/asi-command.ts';
import { familyOf, survivors } from './support/living-processes.ts';
import { until } from './support/until.ts';

const candidates = 2;
const campaignFile = `
title: short
suite: cpu-smoke
baselines:
  - { name: delta-net, seeds: [0, 1] }
budget: { candidates: ${candidates} }
arms:
  - { name: searching }
  - { name: control, policy: random }
confirmation: { best: 0 }
`;
// Ten are promised to a person on an idle machine; a test that fails on a busy one would say nothing.
const secondsToStop = 60;

const leaderboardSchema = z.object({
  campaignId: z.string(),
  noise: z.object({ merit: z.number(), method: z.string() }),
  rows: z.array(
    z.object({ id: z.string(), kind: z.string(), runs: z.array(z.string()), fitness: z.number(), merit: z.number() }),
  ),
});
const treeSchema = z.object({
  nodes: z.array(z.object({ id: z.string(), parentId: z.string().nullable(), fitness: z.number().nullable() })),
});
const lineSchema = z.object({
  id: z.string(),
  causationId: z.string().nullable(),
  type: z.string(),
  experimentId: z.string().nullable(),
  data: z.unknown(),
});

const base = mkdtempSync(join(tmpdir(), 'asi-end-to-end-'));
const home = join(base, 'state');
const file = join(base, 'short.yaml');

const run = (...args: string[]): AsiCommand => startAsi(home, ['run', ...args]);
const leaderboard = async (campaign: string) =>
  leaderboardSchema.parse(await asiJson(home, 'leaderboard', '--campaign', campaign));
const journal = async (...args: string[]) => z.array(lineSchema).parse(await asiJsonLines(home, 'journal', ...args));
const recordOf = async (id: string) =>
  z.object({ record: experimentRecordSchema }).parse(await asiJson(home, 'show', id)).record;

beforeAll(() => writeFileSync(file, campaignFile));
afterAll(async () => {
  await endEveryAsi();
  rmSync(base, { recursive: true, force: true, maxRetries: 5 });
});

/** In order: each begins with what the one before left in the state folder, as for a user. */
describe('asi run, as a user starts it', { timeout: 240_000 }, () => {
  it('runs a campaign to its end, says what came of it, and leaves nothing running', async () => {
    const command = run('--campaign', file);
    await command.seen(/campaign c001 is started/);
    const family = familyOf(command.pid);
    expect(family.length, 'the house is a family of processes').toBeGreaterThan(8);
    expect(await command.ended, command.output()).toEqual({ code: 0, signal: null });
    expect(await survivors(family, home, 0)).toEqual([]);
    expect(command.output()).toMatch(/campaign c001 is finished: 2 candidates completed/);
    const report = /^report +(\S+)$/m.exec(command.output())?.[1] ?? 'no report was named';
    expect(readFileSync(report, 'utf8')).toContain('c001-0002');
  });

  it('answers on the stopped stack, and leaderboard, experiment, tree and journal agree', async () => {
    const board = await leaderboard('c001');
    const { nodes } = treeSchema.parse(await asiJson(home, 'tree', '--campaign', 'c001'));
    const rows = board.rows.filter(({ kind }) => kind === 'candidate');
    expect(rows.map(({ id }) => id).sort()).toEqual(['c001-0001', 'c001-0002']);
    expect(board.rows.map(({ fitness }) => fitness)).toEqual(
      board.rows.map(({ fitness }) => fitness).sort((a, b) => b - a),
    );
    const best = rows[0];
    if (!best) throw new Error('no candidate on the leaderboard');
    const record = await recordOf(best.id);
    const node = nodes.find(({ id }) => id === best.id);
    const lines = await journal(best.id);
    const settled = lines.filter(({ type }) => type === catalogue.settled.type);
    expect(settled).toHaveLength(1);
    const { fitness } = z.object({ fitness: fitnessSchema }).parse(settled[0]?.data);
    expect(record.fitness).toEqual(fitness);
    expect(best).toMatchObject({ fitness: fitness.total, merit: fitness.merit });
    expect(node).toMatchObject({ fitness: fitness.total });
    const baselineOfNode = board.rows.find(({ runs }) => runs.includes(record.parentId ?? ''));
    expect(node?.parentId).toBe(baselineOfNode?.id ?? record.parentId);
    // The whole life of an experiment is in the journal: who asks, who answers.
    for (const message of ['sampled', 'design', 'designed', 'train', 'trained', 'judge', 'judged', 'analysed'] as const)
      expect(lines.map(({ type }) => type)).toContain(catalogue[message].type);
    const trained = lines.find(({ type }) => type === catalogue.trained.type);
    for (const { type, causationId } of lines)
      if (type === catalogue.judge.type || type === catalogue.analyse.type) expect(causationId).toBe(trained?.id);
    // Backwards, from cause to cause, its end leads to its beginning.
    const byId = new Map(lines.map((line) => [line.id, line]));
    let earliest = settled[0];
    for (let step = 0; earliest?.causationId && step < lines.length; step++) earliest = byId.get(earliest.causationId);
    expect(earliest).toMatchObject({ type: catalogue.sampled.type, experimentId: record._id });
    expect(await survivors([], home, 0)).toEqual([]);
  });

  it('exports what anybody needs to compute every score again, as the example of docs/export.md does', async () => {
    const folder = join(base, 'exported');
    const { absentArtifacts } = z
      .object({ absentArtifacts: z.number() })
      .parse(await asiJson(home, 'export', folder, '--campaign', 'c001'));
    expect(absentArtifacts).toBe(0);
    const [, example = ''] =
      /```python\n(.*?)```/s.exec(readFileSync(join(repository, 'docs/export.md'), 'utf8')) ?? [];
    const told = execFileSync(trainerPython(process.env), ['-', folder], { input: example, encoding: 'utf8' });
    const measured = ['c001-0001', 'c001-0002', 'c001-b01', 'c001-b02'];
    expect(told.trim().split('\n').sort()).toEqual(
      measured.map((id) => expect.stringMatching(new RegExp(`^${id} 0\\.\\d{6} equal$`))),
    );
  });

  it('gives each arm its candidate and compares the arms', async () => {
    const [first, second] = [await recordOf('c001-0001'), await recordOf('c001-0002')];
    expect([first.arm, second.arm].sort()).toEqual(['control', 'searching']);
    for (const id of [second.parentId, ...second.referenceIds]) expect(id).toMatch(/^c001-b/);
    expect(second.design?.citations.filter(({ kind }) => kind === 'insight')).toEqual([]);
    const { arms } = z
      .object({ arms: armComparisonSchema })
      .parse(await asiJson(home, 'leaderboard', '--campaign', 'c001'));
    expect(arms).toMatchObject({
      control: 'control',
      arms: [
        { name: 'searching', policy: 'top-k', candidates: 1, measured: 1, meanLift: null },
        { name: 'control', policy: 'random', candidates: 1, measured: 1, meanLift: null },
      ],
    });
    for (const { best, spentSeconds } of arms.arms) {
      expect([first, second].map(({ fitness }) => fitness?.merit)).toContain(best?.merit);
      expect(spentSeconds).toBeGreaterThan(0);
    }
    expect(readFileSync(join(home, 'reports/c001.html'), 'utf8')).toContain(
      'The lift of searching over control is not known',
    );
  });

  it('a lab killed with kill -9 in the midst of a training leaves no process', async () => {
    const command = run('--campaign', file);
    await command.seen(/campaign c002 is started; it begins from what earlier campaigns learnt/);
    await duringATraining(command);
    const family = familyOf(command.pid);
    command.signal('SIGKILL');
    expect((await command.ended).signal).toBe('SIGKILL');
    expect(await survivors(family, home, secondsToStop)).toEqual([]);
  });

  it('Ctrl-C stops everything, in the midst of a training of the campaign that was continued', async () => {
    const command = run();
    await command.seen(/campaign c002 "short" is continued/);
    await duringATraining(command);
    const family = familyOf(command.pid);
    const asked = Date.now();
    // Without a terminal one Ctrl-C arrives twice: from the process group, and handed on by `npm start`.
    command.signal('SIGINT');
    command.signal('SIGINT');
    expect(await command.ended, command.output()).toEqual({ code: 130, signal: null });
    for (const line of ['interrupted: asi run continues the campaign', 'stopping everything'])
      expect(command.output().split('\n')).toContain(line);
    expect((Date.now() - asked) / 1000).toBeLessThan(secondsToStop);
    expect(await survivors(family, home, 0)).toEqual([]);
  });

  it('the next run ends the campaign: nothing lost, nothing twice, no baseline trained again, earlier candidates known', async () => {
    const command = run('--campaign', file);
    await command.seen(/campaign c002 "short" is continued/);
    expect(await command.ended, command.output()).toEqual({ code: 0, signal: null });
    const board = await leaderboard('c002');
    const rows = board.rows.filter(({ kind }) => kind === 'candidate');
    expect(rows.map(({ id }) => id).sort()).toEqual(['c002-0001', 'c002-0002']);
    const settled = (await journal('--type', catalogue.settled.type)).map(({ experimentId }) => experimentId);
    expect(settled.sort()).toEqual([
      ...['c001-0001', 'c001-0002', 'c001-b01', 'c001-b02'],
      ...['c002-0001', 'c002-0002'],
    ]);
    const baselineRuns = board.rows.filter(({ kind }) => kind === 'baseline').flatMap(({ runs }) => runs);
    expect(baselineRuns.sort()).toEqual(['c001-b01', 'c001-b02']);
    const { parentId, referenceIds } = await recordOf('c002-0001');
    const known = [parentId, ...referenceIds];
    expect(known).toEqual(expect.arrayContaining(['c001-0001', 'c001-0002']));
    expect(existsSync(join(home, 'reports/c002.html'))).toBe(true);
    expect(await survivors([], home, 0)).toEqual([]);
  });
});

/** Waits until a trainer works for the command. */
async function duringATraining({ pid, output, ended }: AsiCommand): Promise<void> {
  let over = false;
  void ended.then(() => {
    over = true;
  });
  await until('a trainer process', () => {
    if (over) throw new Error(`asi ended before a training:\n${output()}`);
    return familyOf(pid).some(({ command }) => /-m trainer\b/.test(command));
  });
}
