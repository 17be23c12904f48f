import { type DataOf, embeddingModelSchema, hashText, languageModelSchema, systemClock } from '@asi/contracts';
import { createEmbed, createThink } from '@asi/llm';
import {
  answer,
  type EmbeddingScript,
  noSuchModel,
  type OpenAiServer,
  type SeenRequest,
  startOpenAiServer,
  vectors,
} from '@asi/testkit/openai-server';
import { expect, onTestFinished, test } from 'vitest';
import { designAnswer, sameIn, wellDone } from '../testing/answers.ts';
import { designCommand } from '../testing/design-command.ts';
import { playDesign } from '../testing/play-design.ts';
import { type ScriptedHouse, scriptedBus, type Told } from '../testing/scripted-bus.ts';
import { certificate, scriptedRunner } from '../testing/scripted-runner.ts';
import { designedTold } from '../testing/told.ts';
import type { NoveltyAnswer } from './answers.ts';
import { interleave } from './interleave.ts';

const nodeOf: Readonly<Record<string, string>> = { design: 'design', novelty: 'judge-novelty' };
const shapeOf = ({ body }: SeenRequest) => body.response_format?.json_schema?.name ?? '';

type Options = {
  readonly journal?: Told[];
  readonly embed?: EmbeddingScript;
  readonly bus?: ReturnType<typeof scriptedBus>;
  readonly verdict?: NoveltyAnswer;
} & ScriptedHouse;

/** A house with an endpoint over a socket; each design is played by a process that knows nothing but bus and ledger. */
async function house({ journal = [], embed, bus, verdict, ...script }: Options = {}) {
  const server: OpenAiServer = await startOpenAiServer({
    script: (request) => {
      const node = nodeOf[shapeOf(request)] ?? '';
      const good = wellDone(node, [{ content: request.text }]);
      if (node !== 'judge-novelty' || !verdict) return answer(good);
      const others = (good as NoveltyAnswer).comparisons.filter(({ id }) => id !== verdict.comparisons[0]?.id);
      return answer({ comparisons: [...verdict.comparisons, ...others] });
    },
    ...(embed ? { embed } : {}),
  });
  onTestFinished(() => server.stop());
  const laboratory = bus ?? scriptedBus(script, journal);
  const model = languageModelSchema.parse({ baseUrl: server.url, model: 'chat', retries: 0 });
  const embedding = embeddingModelSchema.parse({ baseUrl: server.url, model: 'vectors', retries: 0 });
  const play = (overrides: Parameters<typeof designCommand>[0] = {}) => {
    const tools = { bus: laboratory.bus, env: {}, clock: systemClock, random: { next: () => 0 } };
    const runner = scriptedRunner(() => certificate('p'));
    const command = designCommand({ model, embedding, ...overrides });
    return playDesign(command, { bus: laboratory.bus, runner, think: createThink(tools), embed: createEmbed(tools) });
  };
  const designs = () => laboratory.published.map(({ data }) => (data as DataOf<'designed'>).design);
  const judged = () => server.requests.filter((request) => shapeOf(request) === 'novelty').map(({ text }) => text);
  return { ...laboratory, server, model, laboratory, play, designs, judged };
}

/** A design on record with a vector; its artifact must be put into the house. */
function toldWithVector(id: string, motivation: string, vector: readonly number[], model = 'vectors') {
  const bytes = Buffer.from(Float32Array.from(vector).buffer).toString('base64');
  const body = JSON.stringify({ model, usage: null, vector: bytes });
  const told = designedTold(id, `name-of-${id}`, motivation);
  const data = told.data as DataOf<'designed'>;
  const embedding = { model, vectorHash: hashText(body) as never, neighbours: [] };
  return { body, told: { ...told, data: { ...data, design: { ...data.design, embedding } } } satisfies Told };
}

const paraphrase = toldWithVector('c001-0002', 'Memory that fades gradually beside a quick one.', [0.99, 0.1]);
/** Five that share many words with the new idea, and mean something else. */
const decoys = [3, 4, 5, 6].map((number) =>
  toldWithVector(`c001-000${number}`, `${designAnswer().motivation} But not number ${number}.`, [0, number]),
);
const unembedded = designedTold('c001-0001', 'plain', `${designAnswer().motivation} Without a vector.`);

async function houseWithParaphrase(options: Options = {}) {
  const all = [paraphrase, ...decoys];
  const one = await house({
    journal: [unembedded, ...all.map(({ told }) => told)],
    embed: () => vectors([1, 0]),
    ...options,
  });
  for (const { body } of all) one.artifacts.set(hashText(body), body);
  return one;
}

test('the same idea in other words is found by its vector, which its words do not find, and is told as a twin', async () => {
  const all = { problem: true, approach: true, scope: true, contribution: true };
  const { play, server, judged, published } = await houseWithParaphrase({ verdict: sameIn(all, 'c001-0002') });
  await play({ draws: 1 });
  expect(judged()[0]).toContain('c001-0002');
  expect(published).toMatchObject([{ type: 'asi.design.rejected.v1', data: { twinOf: 'c001-0002' } }]);
  expect(server.embeddings.map(({ text }) => text)).toEqual([`two-timescales\n${designAnswer().motivation}`]);
});

test('without the setting no vector is asked for, and neighbours are found by words as before', async () => {
  const { play, server, judged, designs } = await houseWithParaphrase();
  await play({ embedding: undefined });
  expect(server.embeddings).toEqual([]);
  expect(judged()[0]).not.toContain('c001-0002');
  for (const id of ['c001-0001', 'c001-0003', 'c001-0006']) expect(judged()[0]).toContain(id);
  expect(Object.keys(designs()[0] ?? {})).not.toContain('embedding');
});

test('what behaves, means and says nearly the same is shown in turn, no more than five, and designs without a vector among them', async () => {
  const { play, judged, designs } = await houseWithParaphrase({
    novelty: () => ({ twinOf: null, similarity: 0.4, nearest: 'c001-0004' }),
  });
  await play();
  const shown = [...(judged()[0] ?? '').matchAll(/\((c001-000\d)\):/g)].map(([, id]) => id);
  expect(shown.slice(0, 3)).toEqual(['c001-0004', 'c001-0002', 'c001-0001']);
  expect(shown).toHaveLength(5);
  const [design] = designs();
  expect(design?.embedding).toMatchObject({ model: 'vectors' });
  expect(design?.embedding?.neighbours[0]).toEqual({ id: 'c001-0002', cosine: expect.closeTo(0.99494, 4) });
  expect(shown).toEqual(expect.arrayContaining((design?.embedding?.neighbours ?? []).map(({ id }) => id)));
  expect(interleave([1], [2, 1, 3], [4, 2, 5])).toEqual([1, 2, 4, 3, 5]);
});

test('a command that is delivered again after a restart pays for no vector again and says the same', async () => {
  const first = await houseWithParaphrase();
  await first.play();
  await first.play();
  expect(first.server.embeddings).toHaveLength(1);
  expect(first.published[1]).toEqual(first.published[0]);
  expect(first.designs()[0]?.calls).toEqual([...first.calls.keys()]);
  expect([...first.calls.values()].map(({ node }) => node)).toEqual(['design', 'embed', 'judge-novelty']);
});

test('a later campaign finds the vector of a design on record, and pays for its own alone', async () => {
  const first = await house({ embed: () => vectors([1, 0.1]) });
  await first.play();
  const [designed] = first.published;
  const told: Told = { ...unembedded, experimentId: 'c001-0007', data: designed?.data };
  first.journal.push(told);
  const later = await house({ bus: first.laboratory, embed: () => vectors([1, 0]) });
  await later.play({ campaignId: 'c002', experimentId: 'c002-0001', campaignNumber: 2, ordinal: 1 } as never);
  expect([first.server.embeddings.length, later.server.embeddings.length]).toEqual([1, 1]);
  expect(later.designs()[1]?.embedding?.neighbours).toEqual([{ id: 'c001-0007', cosine: expect.closeTo(0.995, 3) }]);
  expect(later.judged()[0]).toContain('c001-0007');
});

test('a vector of another model, of another length or out of reach is compared with nothing, and breaks nothing', async () => {
  const foreign = toldWithVector('c001-0002', 'Fades.', [1, 0], 'another-model');
  const longer = toldWithVector('c001-0003', 'Fades.', [1, 0, 0]);
  const lost = toldWithVector('c001-0004', 'Fades.', [1, 0.5]);
  const garbage = toldWithVector('c001-0005', 'Fades.', [1, 0.6]);
  const { play, artifacts, designs } = await house({
    journal: [foreign, longer, lost, garbage].map(({ told }) => told),
    embed: () => vectors([1, 0]),
  });
  for (const { body } of [foreign, longer]) artifacts.set(hashText(body), body);
  artifacts.set(hashText(garbage.body), 'not JSON');
  expect(await play()).toBeNull();
  expect(designs()[0]?.embedding?.neighbours).toEqual([]);
});

test('an answer without a vector ends the design with the reason, and does not end the process', async () => {
  const { play, published } = await house({ embed: () => vectors(null) });
  expect(await play()).toBeNull();
  expect(published).toMatchObject([
    {
      type: 'asi.design.failed.v1',
      data: { reason: { code: 'model-answer-invalid', message: /vectors gave nothing to compare with.*no vector/ } },
    },
  ]);
});

test('a model of embeddings that is not there releases the command as a pause, and says nothing of the design', async () => {
  const { play, published, registered } = await house({ embed: () => noSuchModel('vectors') });
  expect(await play()).toMatchObject({ kind: 'paused', code: 'model-denied', message: /there is no model vectors/ });
  expect([published, registered]).toEqual([[], []]);
});
