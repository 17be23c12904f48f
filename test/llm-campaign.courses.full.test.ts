import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CallRecord,
  callRecordSchema,
  catalogue,
  type ExperimentRecord,
  experimentRecordSchema,
} from '@asi/contracts';
import { callsSchema } from '@asi/reading';
import { type OpenAiServer, startOpenAiServer } from '@asi/testkit/openai-server';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { z } from 'zod';
import { asi, asiJson, endEveryAsi, startAsi } from './support/asi-command.ts';
import { type Course, type Idea, ideasFor } from './support/llm-campaign/ideas.ts';
import { type Model, scriptedModel } from './support/llm-campaign/script.ts';

const everything = process.env.ASI_TEST_FULL === '1';
const more: readonly Course[] = ['plain', 'leak', 'crash', 'plain', 'twin', 'plain', 'plain'];
const courses: readonly Course[] = ['plain', 'leak', 'crash', 'twin', 'unjudged', ...(everything ? more : [])];
const minutes = everything ? 30 : 15;
const price = { input: 2, output: 8 };

const base = mkdtempSync(join(tmpdir(), 'asi-llm-campaign-'));
const home = join(base, 'state');
const exported = join(base, 'exported');
const ideas = ideasFor(courses);
let model: Model;
let server: OpenAiServer;
let records: ExperimentRecord[];
let tier: number;
/** The experiment of each training that was begun. */
let trainings: string[];

const campaignFile = (url: string) => `
title: minds
suite: cpu-smoke
minds: { researcher: llm, engineer: llm, analyst: llm, judge: llm }
models: { common: { baseUrl: '${url}', model: scripted } }
baselines: [{ name: delta-net, seeds: [0, 1] }]
budget: { candidates: ${courses.length} }
confirmation: { best: 0 }
inFlight: 2
spending: { prices: { scripted: { input: ${price.input}, output: ${price.output} } } }
`;

beforeAll(async () => {
  model = scriptedModel({ ideas });
  server = await startOpenAiServer({ script: model.script });
  const file = join(base, 'minds.yaml');
  writeFileSync(file, campaignFile(server.url));
  const run = startAsi(home, ['run', '--campaign', file]);
  const { code } = await run.ended;
  expect(code, run.output()).toBe(0);
  await asi(home, 'export', exported);
  records = linesOf('experiments.jsonl', z.object({ record: experimentRecordSchema }))
    .map(({ record }) => record)
    .filter(({ kind }) => kind === 'candidate')
    .sort((a, b) => (a.ordinal ?? 0) - (b.ordinal ?? 0));
  const started = linesOf('messages.jsonl', z.object({ type: z.string(), data: z.unknown() })).filter(
    ({ type }) => type === catalogue.trainingStarted.type,
  );
  const told = started.map(({ data }) => catalogue.trainingStarted.data.parse(data));
  trainings = told.map(({ experimentId }) => experimentId);
  tier = Math.min(...told.map(({ isolationTier }) => isolationTier));
}, minutes * 60_000);
afterAll(async () => {
  await endEveryAsi();
  rmSync(base, { recursive: true, force: true, maxRetries: 5 });
  // Fails with what a prompt lacked.
  await server?.stop();
}, 60_000);

const linesOf = <Line>(name: string, schema: z.ZodType<Line>): Line[] =>
  readFileSync(join(exported, name), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => schema.parse(JSON.parse(line)));
const callsFor = async (id: string): Promise<CallRecord[]> =>
  z.array(callRecordSchema).parse(await asiJson(home, 'cost', '--calls', id));

function requireIsolation(context: TestContext): void {
  if (tier === 0) context.skip('the runner has no isolation here (tier 0): it refuses programs of language models');
}
const of = (course: Course): Array<{ readonly idea: Idea; readonly record: ExperimentRecord }> =>
  records.flatMap((record) => {
    const idea = ideas.find(({ name }) => name === record.name);
    return idea?.course === course ? [{ idea, record }] : [];
  });

describe('a campaign in which every role thinks with a language model', { timeout: 120_000 }, () => {
  it('measures every idea once, and loses none, although two are designed at once', (context) => {
    requireIsolation(context);
    expect(records.map(({ name, outcome }) => [name, outcome]).sort()).toEqual(
      ideas.map(({ name }) => [name, 'completed']).sort(),
    );
    for (const { design } of records) expect(design?.author).toBe('researcher/llm (scripted)');
  });

  it('measures the program that the model wrote last: the repaired, the mended, the diversified one', (context) => {
    requireIsolation(context);
    for (const { name, final } of ideas) {
      const record = records.find((one) => one.name === name);
      expect(readFileSync(join(exported, `programs/${record?._id}.py`), 'utf8')).toBe(final);
    }
  });

  it('a leak is refused by the certificate, and repaired by its finding', (context) => {
    requireIsolation(context);
    for (const { record } of of('leak')) {
      expect(record.design).toMatchObject({ certificateFailures: 1, twinsAvoided: 0 });
      expect(record.design?.remarks?.join()).toMatch(/repaired after certificate-causality/);
    }
  });

  it('a crash in the first steps is mended by the engineer before any training, and the change is on the record with its cause', (context) => {
    requireIsolation(context);
    for (const { record } of of('crash')) {
      expect(trainings.filter((id) => id === record._id)).toHaveLength(1);
      expect(record.revisions).toHaveLength(1);
      expect(record.revisions?.[0]).toMatchObject({
        cause: { code: 'crashed', message: expect.stringMatching(/^In the first steps.*size of tensor/) },
        calls: [expect.any(String), expect.any(String)],
      });
    }
    expect(of('plain').flatMap(({ record }) => record.revisions ?? [])).toEqual([]);
  });

  it('the database says of a mended candidate what the journal says: rescore finds no difference', async (context) => {
    requireIsolation(context);
    for (const { record } of of('crash')) await asiJson(home, 'rescore', record._id);
  });

  it('a twin is refused, and another design takes its place', (context) => {
    requireIsolation(context);
    for (const { record } of of('twin'))
      expect(record.design).toMatchObject({ twinsAvoided: 1, certificateFailures: 0 });
  });

  it('a judge that does not agree with itself is recorded with its spread; one that declines costs no experiment', (context) => {
    requireIsolation(context);
    for (const { record } of of('plain')) {
      expect(record.judgement).toMatchObject({ author: 'judge/llm (scripted)', spread: { innovation: 5 } });
      expect(record.judgement?.criteria.innovation).toBe(5);
    }
    for (const { record } of of('unjudged')) {
      expect(record.judgement).toMatchObject({ author: 'judge/offline, for judge/llm (scripted)' });
      expect(record.judgement?.remarks?.join()).toMatch(/I would rather not score this/);
    }
  });

  it('a claim inside the noise is struck, although the model insists', (context) => {
    requireIsolation(context);
    for (const { analysis } of records) {
      expect(analysis?.author).toBe('analyst/llm (scripted)');
      expect(analysis?.claims).toEqual([]);
      expect(analysis?.remarks?.join()).toMatch(/struck: claim c1 .*smaller than the noise/);
      expect(analysis?.text).not.toContain('everybody can see');
    }
  });

  it('shows a designer the measured results of its parent, and a judge and an analyst those of the design', (context) => {
    requireIsolation(context);
    const figure = (value: number | null | undefined) => value?.toFixed(3) ?? 'not measured';
    let parentsShown = 0;
    for (const record of records) {
      const { name, parentId, measurement, fitness } = record;
      const own = server.requests.filter(({ text }) => text.includes(`"""${name}:`));
      const assessing = own.filter(({ body }) =>
        ['score', 'analysis'].includes(body.response_format?.json_schema?.name ?? ''),
      );
      const measured = `merit ${figure(fitness?.merit)}: the measured quality`;
      const battery = `held out: ${figure(measurement?.battery)}`;
      expect(
        assessing.filter(({ text }) => text.includes(measured) && text.includes(battery)).length,
        name,
      ).toBeGreaterThan(3);
      const parent = records.find(({ _id }) => _id === parentId);
      if (!parent) continue;
      parentsShown++;
      const told = `merit ${figure(parent.fitness?.merit)} (the measured quality`;
      const designs = server.requests.filter(
        ({ body, text }) =>
          body.response_format?.json_schema?.name === 'design' &&
          text.includes(`descends from ${parent.name} (${parentId})`),
      );
      expect(
        designs.some(({ text }) => text.includes(told)),
        name,
      ).toBe(true);
    }
    expect(parentsShown, 'candidates that descend from candidates').toBeGreaterThan(0);
  });

  it('every request is in the ledger, its tokens and dollars add up by role and by outcome, and nothing is paid twice', async (context) => {
    requireIsolation(context);
    const costs = callsSchema.parse(await asiJson(home, 'cost'));
    const { total } = costs;
    expect(total).toMatchObject({ failed: 0, underWay: 0, lost: 0, reopenings: 0, retries: 1 });
    expect(total.calls + total.retries).toBe(server.requests.length);
    expect({ input: total.input, output: total.output }).toEqual(model.told);
    expect(total.dollars).toBeCloseTo((model.told.input * price.input + model.told.output * price.output) / 1e6, 9);
    for (const groups of [costs.roles, costs.outcomes])
      for (const field of ['calls', 'input', 'output', 'dollars'] as const)
        expect(groups.reduce((sum, one) => sum + one.sum[field], 0)).toBeCloseTo(total[field], 9);
    expect(costs.roles.map(({ role }) => role).sort()).toEqual(['analyst', 'engineer', 'judge', 'researcher']);

    const named = records.flatMap(({ design, judgement, analysis, revisions }) => [
      ...(design?.calls ?? []),
      ...(judgement?.calls ?? []),
      ...(analysis?.calls ?? []),
      ...(revisions ?? []).flatMap((one) => one.calls),
    ]);
    expect(new Set(named).size).toBe(named.length);
    // Those of a judge that declines among them.
    expect(total.calls).toBe(named.length);
    for (const { record } of of('crash').slice(0, 1)) {
      const calls = await callsFor(record._id);
      expect(calls.every(({ state, openings }) => state === 'answered' && openings === 1)).toBe(true);
      const ids = new Set(calls.map(({ _id }) => _id));
      expect(record.revisions?.flatMap((one) => one.calls).filter((one) => !ids.has(one))).toEqual([]);
    }
  });
});
