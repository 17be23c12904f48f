import { type EmbeddingModel, embeddingModelSchema, systemClock } from '@asi/contracts';
import {
  answer,
  bagOfWords,
  type EmbeddingScript,
  endlessJson,
  noSuchModel,
  page,
  quotaExhausted,
  reset,
  startOpenAiServer,
  status,
  vectors,
  wrongKey,
} from '@asi/testkit/openai-server';
import { expect, it, onTestFinished } from 'vitest';
import type { ThinkTools } from '../create-think.ts';
import { secretKey } from '../testing/laboratory.ts';
import { type MemoryLedger, memoryLedger } from '../testing/memory-ledger.ts';
import { cosine } from './cosine.ts';
import { createEmbed } from './create-embed.ts';
import type { EmbeddingPurpose } from './embedder.ts';

type Options = {
  readonly embed?: EmbeddingScript;
  readonly model?: Partial<EmbeddingModel>;
  readonly ledger?: MemoryLedger;
  readonly tools?: Partial<ThinkTools>;
};

/** Embeds against a scripted endpoint and a ledger in memory. */
async function house({ embed, model, ledger = memoryLedger(), tools }: Options = {}) {
  const server = await startOpenAiServer({ script: () => answer('no chat'), ...(embed ? { embed } : {}) });
  onTestFinished(() => server.stop());
  const settings = embeddingModelSchema.parse({ model: 'vectors', baseUrl: server.url, ...model });
  const env = { OPENAI_API_KEY: secretKey };
  const whole = createEmbed({ bus: ledger.bus, env, clock: systemClock, random: { next: () => 0 }, ...tools });
  const purpose = {
    role: 'researcher',
    campaignId: 'c001',
    experimentId: 'c001-0007',
    attempt: 1,
    model: settings,
  } as const;
  return {
    server,
    ledger,
    embed: (text: string, changes: Partial<EmbeddingPurpose> = {}, signal = new AbortController().signal) =>
      whole(text, { ...purpose, ...changes }, signal),
  };
}

it('a vector comes as the endpoint gave it, and the call stands in the ledger with what it took', async () => {
  const { embed, server, ledger } = await house({ model: { dimensions: 16 } });
  const { vector, vectorHash, call } = await embed('a slow state');
  expect([...vector]).toEqual([...Float32Array.from(bagOfWords('a slow state', 16))]);
  expect(server.embeddings[0]?.body).toEqual({
    model: 'vectors',
    input: 'a slow state',
    encoding_format: 'float',
    dimensions: 16,
  });
  expect(server.embeddings[0]?.headers.authorization).toBe(`Bearer ${secretKey}`);
  expect(ledger.calls.get(call)).toMatchObject({
    role: 'researcher',
    node: 'embed',
    model: 'vectors',
    state: 'answered',
    answerHash: vectorHash,
    usage: { input: 3, output: 0, cached: 0, reasoning: 0 },
  });
  expect(ledger.opened[0]?.atMost).toMatchObject({ output: 0 });
  expect(ledger.opened[0]?.atMost.input).toBeGreaterThanOrEqual(3);
  expect(JSON.stringify([...ledger.artifacts])).not.toContain(secretKey);
});

it('the same text of an experiment is paid once, also by a process that was started anew, which needs no key for it', async () => {
  const first = await house();
  const { vector, vectorHash } = await first.embed('a slow state');
  const again = await house({ ledger: first.ledger, tools: { env: {} }, model: { baseUrl: 'https://api.example/v1' } });
  expect(await again.embed('a slow state')).toMatchObject({ vector, vectorHash });
  expect([first.server.embeddings.length, again.server.embeddings.length]).toEqual([1, 0]);
});

it('what passes is tried again as often as the settings say', async () => {
  const failing: EmbeddingScript = ({ ordinal }) =>
    [status(500, 'a moment'), reset(), status(200, { error: { message: 'behind', code: 502 } })][ordinal - 1] ??
    vectors([1, 0]);
  const { embed, server, ledger } = await house({ embed: failing });
  const { call } = await embed('text');
  expect(server.embeddings).toHaveLength(4);
  expect(ledger.calls.get(call)).toMatchObject({ state: 'answered', retries: 3, brokenOff: 2 });
  const down = await house({ embed: () => status(503), model: { retries: 1 } });
  await expect(down.embed('text')).rejects.toMatchObject({ kind: 'retryable', code: 'model-unavailable' });
  expect(down.server.embeddings).toHaveLength(2);
});

it.each([
  ['a wrong key', wrongKey(secretKey), /the key in OPENAI_API_KEY is refused/],
  ['an empty account', quotaExhausted(), /no quota left/],
  ['no such model', noSuchModel('vectors'), /there is no model vectors/],
  ['an address that is a web page', page(), /not one of embeddings.*text\/html/],
  ['a vector of another length than asked for', vectors([1, 2]), /vectors of 2 numbers.*dimensions is 3: set it to 2/],
  ['a model that cannot shorten', status(400, 'does not support dimensions'), /does not take the request.*dimensions/],
  ['a body without end', endlessJson(), /is longer than 4 MB/],
  [
    'a redirect',
    status(307, null, { location: 'https://other.example/v1/embeddings' }),
    /redirects to https:\/\/other\.example\/v1, .*set baseUrl to https:\/\/other\.example\/v1$/,
  ],
  ['an address that knows chats only', status(200, { object: 'chat.completion' }), /not one of embeddings/],
] as const)('%s pauses the campaign after one request, and the key is not repeated', async (_, reply, message) => {
  const { embed, server, ledger } = await house({ embed: () => reply, model: { dimensions: 3 } });
  await expect(embed('text')).rejects.toMatchObject({ kind: 'paused', code: 'model-denied', message });
  expect(server.embeddings).toHaveLength(1);
  expect([...ledger.calls.values()]).toMatchObject([{ state: 'failed' }]);
  expect(JSON.stringify([...ledger.calls.values()])).not.toContain(secretKey);
});

it('without a key nothing is asked, and the campaign is paused with the name of the variable', async () => {
  const { embed } = await house({ tools: { env: {} }, model: { baseUrl: 'https://api.example/v1' } });
  await expect(embed('text')).rejects.toMatchObject({ code: 'model-denied', message: /OPENAI_API_KEY is not set/ });
});

it('a text that is refused ends its design and pauses nothing', async () => {
  const { embed } = await house({ embed: () => status(400, 'the input is too long: maximum context length is 512') });
  const error = { kind: 'terminal', code: 'model-rejected', message: /lower models.embedding.contextTokens \(8000\)/ };
  await expect(embed('text')).rejects.toMatchObject(error);
});

it.each([
  ['no entry', vectors(), /no vector in its answer/],
  ['an entry without a vector', vectors(null), /no vector in its answer/],
  ['what is no number', vectors([1, Number.NaN, 2]), /no finite number/],
  ['zeros', vectors([0, 0, 0]), /no direction/],
] as const)(
  '%s in place of a vector is told, stays on record as it was paid for, and is not asked for again',
  async (_, reply, problem) => {
    const { embed, server, ledger } = await house({ embed: () => reply, model: { dimensions: 3 } });
    const error = { kind: 'terminal', code: 'model-answer-invalid', message: problem };
    await expect(embed('text')).rejects.toMatchObject(error);
    await expect(embed('text')).rejects.toMatchObject(error);
    expect(server.embeddings).toHaveLength(1);
    expect([...ledger.calls.values()]).toMatchObject([{ state: 'answered', usage: { input: 1 } }]);
  },
);

it('a cap counts a vector before it is asked for', async () => {
  const { embed, server, ledger } = await house();
  ledger.cap = 'the cap is reached';
  await expect(embed('text')).rejects.toMatchObject({ kind: 'paused', code: 'spending-capped' });
  expect(server.embeddings).toEqual([]);
});

it('a text longer than the model takes is cut, for some servers cut without a word and others refuse', async () => {
  const { embed, server } = await house({ model: { contextTokens: 100 } });
  await embed('the same words again '.repeat(100));
  const sent = server.embeddings[0]?.text ?? '';
  expect(sent).toMatch(/^the same words/);
  expect([sent.length > 200, sent.length < 400]).toEqual([true, true]);
});

it('an answer that does not come in time is given up, and so is one that nobody waits for', async () => {
  const late: EmbeddingScript = () => ({ ...vectors([1]), delayMilliseconds: 5000 });
  const slow = await house({ embed: late, model: { requestSeconds: 0.2, retries: 0 } });
  await expect(slow.embed('text')).rejects.toMatchObject({ kind: 'retryable', message: /within 0.2 s/ });
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 100);
  const left = await house({ embed: late });
  await expect(left.embed('text', {}, controller.signal)).rejects.toMatchObject({ code: 'model-cancelled' });
});

it('vectors that come as base64, though numbers were asked for, are read as well', async () => {
  const coded = Buffer.from(Float32Array.from([0.5, -2]).buffer).toString('base64');
  const body = { object: 'list', data: [{ index: 0, embedding: coded }], model: 'vectors', usage: { total_tokens: 7 } };
  const { embed, ledger } = await house({ embed: () => status(200, body) });
  const { vector, call } = await embed('text');
  expect([...vector]).toEqual([0.5, -2]);
  expect(ledger.calls.get(call)?.usage).toMatchObject({ input: 7, output: 0 });
});

it('vectors of different lengths are not compared, and others by their angle alone', () => {
  const of = (...numbers: number[]) => Float32Array.from(numbers);
  expect(cosine(of(1, 0), of(1, 0, 0))).toBeNull();
  expect(cosine(of(2, 0), of(5, 0))).toBe(1);
  expect(cosine(of(1, 0), of(0, 3))).toBe(0);
  expect(cosine(of(1, 1), of(-1, -1))).toBeCloseTo(-1, 12);
});
