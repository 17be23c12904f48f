import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { experimentRecordSchema } from '@asi/contracts';
import { withServers } from '@asi/lab';
import { callsSchema, replayReportSchema } from '@asi/reading';
import { artifactsIn, callsIn, openDatabase } from '@asi/store';
import { startOpenAiServer } from '@asi/testkit/openai-server';
import { afterAll, expect, it } from 'vitest';
import { z } from 'zod';
import { asiJson, endEveryAsi, startAsi } from './support/asi-command.ts';
import { familyOf } from './support/living-processes.ts';
import { ideasFor } from './support/llm-campaign/ideas.ts';
import { type Node, scriptedModel } from './support/llm-campaign/script.ts';

const minutes = 20;
const base = mkdtempSync(join(tmpdir(), 'asi-llm-killed-'));
afterAll(async () => {
  await endEveryAsi();
  rmSync(base, { recursive: true, force: true, maxRetries: 5 });
});

/** Who is killed with kill -9 while which question is on its way to the model. */
const kills = [
  { victim: 'agents/researcher', node: 'design', ordinal: 2 },
  { victim: 'services/archive', node: 'analysis', ordinal: 3 },
  { victim: 'agents/judge', node: 'score', ordinal: 8 },
  { victim: 'agents/engineer', node: 'mending_step', ordinal: 1 },
] as const;

it('a researcher, an archive, a judge and an engineer that are killed in the midst of a call cost that call and nothing more, and it is counted', {
  timeout: minutes * 60_000,
}, async (context) => {
  const home = join(base, 'state');
  const ideas = ideasFor(['plain', 'leak', 'crash', 'twin', 'plain', 'retold']);
  let pid = -1;
  const killed: string[] = [];
  const hold = async (node: Node, ordinal: number): Promise<boolean> => {
    const kill = kills.find((one) => one.node === node && one.ordinal === ordinal);
    if (!kill) return false;
    const victim = familyOf(pid).find(({ command }) => command.includes(`${kill.victim}/src/main.`));
    if (!victim) throw new Error(`${kill.victim} does not run`);
    process.kill(victim.pid, 'SIGKILL');
    killed.push(kill.victim);
    // The archive did not ask: who did still waits for the answer.
    return kill.victim !== 'services/archive';
  };
  const model = scriptedModel({ ideas, hold });
  const server = await startOpenAiServer({ script: model.script });
  const file = join(base, 'killed.yaml');
  writeFileSync(
    file,
    `
title: killed
suite: cpu-smoke
minds: { researcher: llm, engineer: llm, analyst: llm, judge: llm }
models: { common: { baseUrl: '${server.url}', model: scripted }, embedding: { baseUrl: '${server.url}', model: vectors } }
baselines: [{ name: delta-net, seeds: [0, 1] }]
budget: { candidates: ${ideas.length} }
confirmation: { best: 0 }
# The model tells its ideas in the order of asking: with several designs at once a kill would lose those of the others too.
inFlight: 1
`,
  );
  const run = startAsi(home, ['run', '--campaign', file]);
  pid = run.pid;
  expect(await run.ended, run.output()).toMatchObject({ code: 0 });
  if (/isolation-insufficient/.test(run.output())) return context.skip('no isolation here (tier 0)');
  await server.stop();

  expect(killed.sort()).toEqual(kills.map(({ victim }) => victim).sort());
  const { rows } = z
    .object({ rows: z.array(z.object({ kind: z.string(), name: z.string(), id: z.string() })) })
    .parse(await asiJson(home, 'leaderboard'));
  const measured = rows.filter(({ kind }) => kind === 'candidate').map(({ name }) => name);
  expect(measured.sort()).toEqual(ideas.map(({ name }) => name).sort());

  // What the engineer made of the crashing program is known though both he and the archive were killed.
  for (const name of ['idea-4-twin', 'idea-6-retold']) {
    const row = rows.find((one) => one.name === name);
    const { record } = z.object({ record: experimentRecordSchema }).parse(await asiJson(home, 'show', row?.id ?? ''));
    expect(record.design, name).toMatchObject({ twinsAvoided: 1 });
  }

  const { total } = callsSchema.parse(await asiJson(home, 'cost'));
  const repeated = server.requests.length + server.embeddings.length - total.calls - total.retries;
  expect(total).toMatchObject({ failed: 0, underWay: 0, lost: 0 });
  // One call of each asker that was killed; of the judge, who asks three times at once, up to three.
  expect(repeated).toBeGreaterThanOrEqual(3);
  expect(repeated).toBeLessThanOrEqual(5);
  expect(total.reopenings).toBeGreaterThanOrEqual(repeated);
  expect(total.reopenings).toBeLessThanOrEqual(repeated + 2);

  // The endpoint is gone: whatever is asked again comes from the ledger.
  const replay = replayReportSchema.parse(await asiJson(home, 'replay', '--slots', '3'));
  expect(replay).toMatchObject({ equal: true, divergence: null, leftOut: [], candidates: ideas.length });

  // One altered answer leads to a question that nobody has answered; it is named, and nobody is asked.
  await alterDesign(home, 'c001-0005');
  const altered = startAsi(home, ['replay', '--json']);
  expect(await altered.ended, altered.output()).toMatchObject({ code: 1 });
  expect(replayReportSchema.parse(JSON.parse(altered.output()))).toMatchObject({
    equal: false,
    divergence: {
      id: 'c001-0005',
      question: {
        role: 'researcher',
        recorded: expect.stringContaining('forgets nothing on purpose'),
        replayed: expect.stringContaining('forgets everything'),
      },
    },
  });
});

/** Makes the archive give back another motivation than the model had said. */
async function alterDesign(home: string, experimentId: string): Promise<void> {
  const env = { ...process.env, ASI_HOME: home, NATS_URL: undefined, MONGODB_URL: undefined };
  await withServers(async ({ mongodbUrl }) => {
    const database = await openDatabase(mongodbUrl);
    const calls = callsIn(database);
    const artifacts = artifactsIn(database);
    for await (const call of calls.all({ experimentId })) {
      const artifact = call.answerHash === null ? null : await artifacts.get(call.answerHash);
      if (!artifact || call.node !== 'design') continue;
      const body = artifact.body.replaceAll('forgets nothing on purpose', 'forgets everything');
      await calls.replace({ ...call, answerHash: await artifacts.put(body, artifact.mediaType) });
    }
    await database.close();
  }, env);
}
