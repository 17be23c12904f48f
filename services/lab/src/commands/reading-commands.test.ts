import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attemptTokenOf, catalogue, experimentIdSchema, spendingSchema } from '@asi/contracts';
import {
  armComparisonSchema,
  callsSchema,
  costsSchema,
  experimentViewSchema,
  journalLineSchema,
  leaderboardSchema,
  noiseViewSchema,
  treeSchema,
} from '@asi/reading';
import { sampleCall, sampleCampaign } from '@asi/reading/testing';
import { artifactsIn, callsIn } from '@asi/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { readScalars } from '../interchange/testing/read-scalars.ts';
import { lockHolder } from '../stack/stack-lock.ts';
import { stateFolder } from '../stack/state-folder.ts';
import { captureCli } from '../testing/captured-context.ts';
import { keepSamples } from '../testing/keep-samples.ts';
import { duration } from '../view/format.ts';

const home = mkdtempSync(join(tmpdir(), 'asi-cli-'));
const empty = mkdtempSync(join(tmpdir(), 'asi-cli-empty-'));
const { NATS_URL: _nats, MONGODB_URL: _mongodb, ASI_RUNNER_URL: _runner, ...inherited } = process.env;
const env = { ...inherited, ASI_HOME: home };
const hostileName = '<script>alert(1)</script>\u001b[2J';
const sample = sampleCampaign({
  candidates: 24,
  wanted: 24,
  state: 'finished',
  hostileName,
  arms: [{ name: 'thinking', minds: { researcher: 'llm' } }, { name: 'control' }],
});
// The least that noise can be known from: what is told of it is told in the singular.
if (sample.campaign.reference) sample.campaign.reference.noise.degreesOfFreedom = 1;
sample.campaign.settings.spending = spendingSchema.parse({
  campaign: { dollars: 1 },
  prices: { 'sample-model': { input: 1, output: 2 } },
});
const secrets = { named: 'secret-of-the-laboratory', derived: 'secret-of-a-replicate' };
sample.campaign.settings.evaluationSeed = secrets.named;
const asi = (...args: string[]) => captureCli(args, env);
const calls = [
  sampleCall('c001-0001', 'design', { dollars: 0.25, retries: 1 }),
  sampleCall('c001-0001', 'judgement', { role: 'judge', model: 'local', dollars: null, openings: 2 }),
];

beforeAll(async () => {
  await keepSamples(stateFolder(env).data, [sample], async ({ bus, database }) => {
    const experimentId = experimentIdSchema.parse('c001-0003');
    await bus.publish(catalogue.train, {
      experimentId,
      campaignId: 'c001',
      data: {
        campaignId: 'c001',
        experimentId,
        attempt: 1,
        token: attemptTokenOf(experimentId, 'training', 1),
        program: { kind: 'builtin', name: 'delta-net' },
        suite: 'cpu-smoke',
        seed: 0,
        evaluationSeed: secrets.derived,
        device: 'cpu',
        wallSeconds: 60,
        memoryBytes: 6e9,
      },
    });
    for (const call of calls) await callsIn(database).insert(call);
    await artifactsIn(database).put('prompt design', 'application/json');
  });
});
afterAll(() => {
  for (const folder of [home, empty]) rmSync(folder, { recursive: true, force: true });
});

test('a stopped stack still answers, and nothing is left running or locked', async () => {
  const { code, out } = await asi('leaderboard');
  expect(code).toBe(0);
  for (const part of ['c001-0001', '3× delta-net', '±', 'provisional', 'without a result']) expect(out).toContain(part);
  expect(lockHolder(stateFolder(env))).toBeNull();
});

test('--json is one value with the documented fields, and the text shows the same numbers', async () => {
  const json = await asi('leaderboard', '--json');
  const board = leaderboardSchema.loose().parse(JSON.parse(json.out));
  const { out } = await asi('leaderboard');
  for (const { name, fitness } of board.rows.filter((row) => row.kind === 'baseline'))
    expect(out, name).toMatch(new RegExp(`× ${name.slice(0, 9)}.* ${fitness?.toFixed(3)}±`));
  expect(board.failures).toHaveLength(sample.experiments.filter(({ outcome }) => outcome !== 'completed').length);
});

test('the arms of a split campaign are compared in text, --json and report, by the same numbers', async () => {
  const board = z
    .looseObject({ ...leaderboardSchema.shape, arms: armComparisonSchema })
    .parse(JSON.parse((await asi('leaderboard', '--json')).out));
  const [thinking] = board.arms.arms;
  const { meanLift, bestLift } = thinking ?? {};
  if (!meanLift || !bestLift) throw new Error('twelve candidates of each arm are enough');
  const { out } = await asi('leaderboard');
  expect(out).toContain('thinking against control: mean merit');
  const { path } = z.looseObject({ path: z.string() }).parse(JSON.parse((await asi('report', '--json')).out));
  const report = readFileSync(path, 'utf8');
  expect(report).toContain('<h2 id="arms">');
  expect(report).toMatch(/started \d{4}-\d\d-\d\d \d\d:\d\d UTC,/);
  for (const { value, low, high } of [meanLift, bestLift]) {
    expect(out).toContain(`${value < 0 ? '' : '+'}${value.toFixed(3)} [`);
    expect(report).toContain(`${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`);
  }
  expect(
    report.slice(report.indexOf('Best merit so far of each arm')).match(/<path class="strong c/g)?.length,
  ).toBeGreaterThan(1);
  const status = z.looseObject({ arms: armComparisonSchema }).parse(JSON.parse((await asi('status', '--json')).out));
  expect(status.arms).toEqual(board.arms);
  const shown = (await asi('status', '--campaign', 'c001')).out.split('\n').find((line) => line.startsWith('thinking'));
  expect(shown).toContain(`${thinking?.settled}/${thinking?.candidates}`);
  expect(shown).toContain(`${meanLift.value < 0 ? '' : '+'}${meanLift.value.toFixed(3)} [`);
  for (const { id, arm, kind } of board.rows) expect(kind === 'baseline' ? arm === null : arm !== null, id).toBe(true);
  expect((await asi('show', 'c001-0001')).out).toContain('candidate of campaign c001, arm thinking,');
  expect((await asi('tree')).out).toMatch(/c001-0001 .*\[thinking\]/);
});

test('the noise of a stopped stack: deviation, degrees of freedom and the smallest differences that can be seen', async () => {
  const { code, out } = await asi('noise');
  expect(code).toBe(0);
  for (const part of ['merit', 'language-model-loss', 'parity', '1 run', '8 seeds', 'How it was measured'])
    expect(out).toContain(part);
  const noise = noiseViewSchema.parse(JSON.parse((await asi('noise', '--json')).out));
  expect(noise.quantities.map(({ name }) => name).slice(-3)).toEqual(['language-model-loss', 'merit', 'fitness']);
  expect((await asi('noise', '--campaign', 'c999')).error).toContain('there is no campaign c999');
});

test('what language models cost is told on a stopped stack: by role, model and outcome, with caps and what is not known', async () => {
  const { code, out } = await asi('cost');
  expect(code).toBe(0);
  expect(out).toMatch(/researcher +1 +1\.0k +400 +200 +50 +\$0\.2500 +0 +1 +0 +0/);
  expect(out).toMatch(/judge +1 .* ≥ \$0\.00 /);
  expect(out).toMatch(/what was kept \(1\) +2 .*≥ \$0\.2500/);
  expect(out).toMatch(/campaign c001 +\$1\.00 +\$0\.2500 +\$0\.00 +\$0\.7500 +dollars/);
  expect(out).toContain('What 1 call of local cost in dollars is not known: spending.prices');
  const view = callsSchema.parse(JSON.parse((await asi('cost', '--json')).out));
  expect(view.total).toMatchObject({ calls: 2, dollars: 0.25, withoutDollars: 1, reopenings: 1 });
  const { path } = JSON.parse((await asi('report', '--json')).out) as { path: string };
  expect(readFileSync(path, 'utf8')).toContain(
    'Language models: 2 calls, 2.0k tokens in and 400 out, ≥ $0.2500 by the price table of the campaign (researcher $0.2500, judge ≥ $0.00); what 1 call cost in dollars is not known.',
  );
});

test('every call of an experiment is listed with hashes that lead to its prompt', async () => {
  const { out } = await asi('cost', '--calls', 'c001-0001');
  const [, hash = ''] =
    out.match(
      /researcher design {2}sample-model {2}answered\n.*1 retry\n {2}prompt ([0-9a-f]{64}), written by version /,
    ) ?? [];
  expect((await asi('show', 'c001-0001', '--artifact', hash)).out).toBe('prompt design');
  expect(JSON.parse((await asi('cost', '--calls', 'c001-0001', '--json')).out)).toHaveLength(2);
  expect((await asi('cost', '--calls', 'c001-b01')).out).toBe('no language model was asked for c001-b01\n');
  expect((await asi('cost', '--calls', 'c001-9999')).error).toContain('there is no experiment c001-9999');
});

test('a wrong number of seeds is refused before anything is started', async () => {
  for (const seeds of ['1', '0.5', 'many', '1000']) {
    const { code, error } = await asi('confirm', 'c001-0001', '--seeds', seeds);
    expect([code, error]).toEqual([2, expect.stringContaining(`--seeds ${seeds}`)]);
  }
});

test('what is no completed candidate cannot be confirmed, and is told so before anything is started', async () => {
  expect(await asi('confirm', 'c001-b01')).toMatchObject({
    code: 1,
    error: expect.stringContaining('c001-b01 is no completed candidate (baseline, completed)'),
  });
  expect((await asi('confirm', 'c001-9999')).error).toContain('c001-9999');
});

test('an experiment, its program and the tree are shown; names cannot command the terminal', async () => {
  const shown = await asi('show', 'c001-0002');
  expect(shown.out).toContain('<script>alert(1)</script>');
  expect(shown.out).not.toContain('\u001b');
  expect(shown.out).toMatch(/CPU-seconds, runner sample-runner, isolation tier \d, trainer sample/);
  const view = experimentViewSchema.parse(JSON.parse((await asi('show', 'c001-0002', '--json')).out));
  const program = await asi('show', 'c001-0002', '--code');
  expect(program.out).toBe(sample.artifacts.find(({ body }) => body === program.out)?.body);
  expect(view.artifacts.program).toMatch(/^[0-9a-f]{64}$/);
  expect(treeSchema.parse(JSON.parse((await asi('tree', '--json')).out)).nodes.length).toBe(5 + 24);
  expect((await asi('tree')).out).not.toContain('\u001b');
});

test('a flagged program is marked wherever its number is told, and asi show has the sentence of its certificate', async () => {
  const flagged = sample.experiments.find(({ design, outcome }) => design?.flags?.length && outcome === 'completed');
  const clean = sample.experiments.find(
    ({ design, outcome }) => design?.flags?.length === 0 && outcome === 'completed',
  );
  const shown = (await asi('show', String(flagged?._id))).out;
  expect(shown).toContain('Flagged, state hygiene: self.calls counts the calls');
  const [hash = ''] = /(?<=--artifact )[0-9a-f]{64}/.exec(shown) ?? [];
  expect(hash).toBe(flagged?.design?.certificateHash);
  expect(JSON.parse((await asi('show', String(flagged?._id), '--artifact', hash)).out)).toMatchObject({
    verdict: 'flagged',
  });
  expect((await asi('show', String(clean?._id))).out).not.toContain('Flagged');
  const { out } = await asi('leaderboard');
  expect(out).toContain('failed soft tests of its certificate: state hygiene (');
  const { rows } = leaderboardSchema.loose().parse(JSON.parse((await asi('leaderboard', '--json')).out));
  expect(rows.find(({ id }) => id === flagged?._id)?.flags).toEqual(['state hygiene']);
  const { path } = JSON.parse((await asi('report', '--json')).out) as { path: string };
  expect(readFileSync(path, 'utf8')).toContain('provisional, flagged');
});

test('the journal of an experiment is one message a line, filtered by type and role', async () => {
  const { out } = await asi('journal', 'c001-0001', '--json');
  const lines = out
    .trim()
    .split('\n')
    .map((line) => journalLineSchema.parse(JSON.parse(line)));
  expect(lines.map(({ experimentId }) => experimentId)).toEqual(lines.map(() => 'c001-0001'));
  expect(lines.length).toBe(7);
  expect((await asi('journal', 'c001-0001', '--type', 'judgement')).out.trim().split('\n')).toHaveLength(1);
  expect((await asi('journal', '--role', 'engineer', '--from', '1')).out).toContain('trained:');
});

test('a report replaces an earlier report, and no other file or device of that name', async () => {
  const mine = join(empty, 'mine.yaml');
  writeFileSync(mine, 'seed: 3\n');
  expect(await asi('report', mine)).toMatchObject({ code: 1, error: expect.stringContaining('no report') });
  expect(readFileSync(mine, 'utf8')).toBe('seed: 3\n');
  // To be read it has no end, and to be written over it would be no device any more.
  expect(await asi('report', '/dev/zero')).toMatchObject({
    code: 1,
    error: expect.stringContaining('no ordinary file'),
  });
  const path = join(empty, 'results.html');
  for (let time = 0; time < 2; time++) expect((await asi('report', path)).code).toBe(0);
});

test('the page of one run of a baseline has the noise of one run for its tasks too, not that of the mean of all', async () => {
  const view = JSON.parse((await asi('show', 'c001-b01', '--json')).out);
  const [task] = view.measurement.tasks;
  const { runs, tasks } = view.standing;
  expect(runs.length).toBeGreaterThan(1);
  const ofOneRun = (tasks[task.task].noise * Math.sqrt(runs.length)).toFixed(3);
  const line = (await asi('show', 'c001-b01')).out.split('\n').find((one) => one.startsWith(`${task.task} (`));
  expect(line).toContain(`±${ofOneRun}`);
});

test('the report is one file without scripts or requests, and shows the numbers of the JSON', async () => {
  const { path } = JSON.parse((await asi('report', '--json')).out) as { path: string };
  const page = readFileSync(path, 'utf8');
  expect(path).toBe(join(home, 'reports/c001.html'));
  expect(page).not.toContain('<script>alert');
  expect(page).toContain("Student's t (1 degree of freedom)");
  expect(page).not.toContain('1 degrees');
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(page).not.toMatch(/<(script|link|img|iframe)\b|\bsrc=|url\(|https?:\/\//);
  const { rows } = leaderboardSchema.loose().parse(JSON.parse((await asi('leaderboard', '--json')).out));
  for (const row of rows) expect(page).toContain(row.fitness?.toFixed(3));
  for (const id of [
    'leaderboard',
    'history',
    'curves',
    'components',
    'tree',
    'failures',
    'noise',
    'cost',
    'limits',
    'settings',
  ])
    expect(page).toContain(`<h2 id="${id}">`);
});

test('a campaign has one cost, and its parts are named: the same in the status, the report and the JSON', async () => {
  const { total } = costsSchema.parse(JSON.parse((await asi('status', '--json')).out).costs);
  const { spentSeconds, cpuSeconds, unmeasured, certificates } = total;
  expect(spentSeconds).toBeCloseTo(cpuSeconds + unmeasured.seconds + certificates.cpuSeconds, 6);
  for (const part of [cpuSeconds, unmeasured.trainings, certificates.cpuSeconds]) expect(part).toBeGreaterThan(0);
  const { path } = JSON.parse((await asi('report', '--json')).out) as { path: string };
  const pages = { status: (await asi('status', '--campaign', 'c001')).out, report: readFileSync(path, 'utf8') };
  for (const [name, page] of Object.entries(pages)) {
    const [, told = ''] = /[Ss]pent (?:so far: )?(at most .* of CPU)/.exec(page) ?? [];
    const [whole, ...parts] = [...told.matchAll(/\d+:\d\d min|\d+ s/g)].map(([text]) => text);
    expect(whole, name).toBe(duration(spentSeconds));
    expect(parts, name).toEqual([cpuSeconds, unmeasured.seconds, certificates.cpuSeconds].map(duration));
  }
  expect(pages.report).toContain(`<td class="number">≤ ${spentSeconds.toFixed(0)}</td>`);
});

test('an export holds every experiment, program and message of the campaign', async () => {
  const folder = join(empty, 'export');
  const { out } = await asi('export', folder, '--json');
  const records = readFileSync(join(folder, 'experiments.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(records.map(({ id }) => id)).toEqual(sample.experiments.map(({ _id }) => _id).sort());
  const designed = sample.experiments.filter(({ design }) => design !== null);
  expect(readdirSync(join(folder, 'programs'))).toEqual(designed.map(({ _id }) => `${_id}.py`).sort());
  expect(JSON.parse(out)).toMatchObject({
    campaignId: 'c001',
    experiments: sample.experiments.length,
    programs: designed.length,
    calls: calls.length,
  });
  const [asked] = readFileSync(join(folder, 'calls.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(asked).toMatchObject({ experimentId: 'c001-0001', node: 'design', prompt: 'prompt design', answer: null });
  expect(readFileSync(join(folder, 'messages.jsonl'), 'utf8').trim().split('\n').length).toBeGreaterThan(100);
});

test('neither an export nor the journal tells from what the held-out data is made', async () => {
  const folder = join(empty, 'published');
  await asi('export', folder);
  const shown = [
    ...['campaign.json', 'messages.jsonl', 'experiments.jsonl', 'leaderboard.json'].map((name) =>
      readFileSync(join(folder, name), 'utf8'),
    ),
    (await asi('journal', '--json')).out,
  ];
  for (const text of shown) for (const secret of Object.values(secrets)) expect(text).not.toContain(secret);
  expect(shown[0]).toMatch(/"evaluationSeed": "sha256:[0-9a-f]{12}"/);
  for (const messages of [shown[1], shown.at(-1)]) expect(messages).toMatch(/"evaluationSeed":"sha256:[0-9a-f]{12}"/);
});

test('an export replaces an earlier one of the same campaign, and nothing else', async () => {
  const folder = join(empty, 'again');
  await asi('export', folder);
  writeFileSync(join(folder, 'programs', 'c001-9999.py'), 'left behind');
  writeFileSync(join(folder, 'notes.md'), 'mine');
  expect((await asi('export', folder)).code).toBe(0);
  expect(existsSync(join(folder, 'programs', 'c001-9999.py'))).toBe(false);
  expect(readFileSync(join(folder, 'notes.md'), 'utf8')).toBe('mine');

  const other = join(empty, 'other');
  mkdirSync(other);
  writeFileSync(join(other, 'campaign.json'), '{"id":"c777"}');
  expect(await asi('export', other)).toMatchObject({
    code: 1,
    error: expect.stringContaining('holds an export of campaign c777'),
  });
  expect(readdirSync(other)).toEqual(['campaign.json']);
  writeFileSync(join(other, 'campaign.json'), 'a file of mine');
  expect((await asi('export', other)).error).toContain('holds files that an export would write over');
  expect((await asi('export', join(other, 'campaign.json'))).error).toContain('is no folder; give a folder');
});

test('an export for TensorBoard holds the curve of every task and the scores of every measured experiment', async () => {
  const runs = join(empty, 'tensorboard');
  const { out } = await asi('export', join(empty, 'beside'), '--tensorboard', runs, '--json');
  const folders = readdirSync(runs);
  expect(JSON.parse(out)).toMatchObject({ tensorboard: runs, runs: folders.length });
  expect(folders.length).toBe(sample.experiments.filter(({ measurement }) => measurement !== null).length);
  const [folder = ''] = folders;
  expect(folder).toMatch(/^c001-[b0-9]+ [\w.+-]+$/);
  const [file = ''] = readdirSync(join(runs, folder));
  const scalars = readScalars(readFileSync(join(runs, folder, file)));
  const tags = new Set(scalars.map(({ tag }) => tag));
  for (const task of ['parity', 'language-model'])
    for (const kind of ['loss', 'score']) expect(tags).toContain(`${kind}/${task}`);
});

type Case = [args: string[], code: number, words: string];
test.each<Case>([
  [['show', 'c001-9999'], 1, 'there is no experiment c001-9999'],
  [['leaderboard', '--campaign', 'c009'], 1, 'there is no campaign c009'],
  [['show', 'c001-b01', '--code'], 1, 'it is a built-in baseline'],
  [['journal', '--follow'], 3, 'start it with asi up'],
  [['journal', '--from', 'x'], 2, '--from x: expected a sequence number'],
  [['watch'], 0, 'the stack is stopped; campaign c001 is'],
  [['watch', '--campaign', 'c009'], 1, 'there is no campaign c009'],
  [['run', '--seed', '99999999999999999999'], 2, 'expected a whole number of at most'],
  ...['pause', 'resume', 'cancel'].map((name): Case => [[name], 3, 'start it with asi up']),
  [['run', '--candidates', 'many'], 2, '--candidates many: expected a whole number >= 1'],
  [['run', '--campaign', '/nowhere.yaml'], 2, '/nowhere.yaml: there is no such file'],
  [['certify', '/nowhere.py'], 2, '/nowhere.py: there is no such file'],
  [['train', '/nowhere.py'], 2, '/nowhere.py: there is no such file'],
  [['train', 'delta-net', '--suite', 'gpu-huge'], 2, '--suite gpu-huge: there is no such suite'],
  [['train', 'delta-net', '--seed', '1.5'], 2, '--seed 1.5: expected a whole number'],
  [['train', 'delta-net', '--seconds', '0'], 2, '--seconds 0: expected a number > 0'],
  [['leaderboard', 'c001'], 2, 'asi leaderboard --campaign c001'],
  [['leaderbord'], 2, 'Did you mean leaderboard?'],
  [['show'], 2, "missing required argument 'id'"],
])('%j ends with exit code %d and one clear line', async (args, code, words) => {
  const result = await asi(...args);
  expect(result.code).toBe(code);
  expect(result.error).toContain(words);
  expect(result.error).not.toMatch(/\n\s+at /);
  expect(result.out).toBe('');
});
