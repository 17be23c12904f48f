import { expect, it } from 'vitest';
import { bagOfWords } from './bag-of-words.ts';
import { answer, vectors, wrongKey } from './reply.ts';
import { type Script, startOpenAiServer } from './start-openai-server.ts';

async function post(url: string, content: string, stream = false): Promise<Response> {
  const body = { model: 'm', messages: [{ role: 'user', content }], stream, stream_options: { include_usage: true } };
  return fetch(`${url}/chat/completions`, { method: 'POST', body: JSON.stringify(body) });
}

it('a prompt that lacks what it must hold fails the test that stops the server, and is not asked again', async () => {
  const script: Script = (request) => {
    request.demand('def forward', /loss 1\.\d+/);
    return answer('fine');
  };
  const server = await startOpenAiServer({ script });
  expect((await post(server.url, 'def forward with loss 1.25')).status).toBe(200);
  const refused = await post(server.url, 'def forward');
  expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('request 2 lacks: /loss')]);
  await expect(server.stop()).rejects.toThrow('request 2 lacks: /loss');
});

it('a stream is server-sent events with the pieces of the answer in order, then its usage, then the end', async () => {
  const server = await startOpenAiServer({
    script: () => answer('one two three four five', { usage: { input: 7, output: 5 } }),
  });
  const lines = (await (await post(server.url, 'count', true)).text()).trim().split('\n\n');
  expect(lines.at(-1)).toBe('data: [DONE]');
  const chunks = lines.slice(0, -1).map((line) => JSON.parse(line.replace(/^data: /, '')));
  expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe('one two three four five');
  expect(chunks.length).toBeGreaterThan(3);
  expect(chunks.at(-2).choices[0].finish_reason).toBe('stop');
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 7, completion_tokens: 5 } });
  await server.stop();
});

it('requests that are under way together are counted as such', async () => {
  const server = await startOpenAiServer({ script: () => answer('x', { delayMilliseconds: 100 }) });
  await Promise.all([1, 2, 3].map((one) => post(server.url, String(one))));
  await post(server.url, 'alone');
  expect([server.mostConcurrent(), server.requests.length]).toEqual([3, 4]);
  await server.stop();
});

const embed = async (url: string, fields: object): Promise<Response> =>
  fetch(`${url}/embeddings`, { method: 'POST', body: JSON.stringify({ model: 'm', ...fields }) });

it('vectors come as base64 where that is asked for and as numbers else, each at the place of its input', async () => {
  const server = await startOpenAiServer({ script: () => answer('no chat') });
  const input = ['a slow state', 'a fast state'];
  const numbers = JSON.parse(await (await embed(server.url, { input })).text());
  expect(numbers).toMatchObject({ object: 'list', model: 'm', usage: { prompt_tokens: 7, total_tokens: 7 } });
  expect(numbers.data[1]).toEqual({ object: 'embedding', index: 1, embedding: bagOfWords('a fast state') });
  const coded = JSON.parse(
    await (await embed(server.url, { input: 'a slow state', encoding_format: 'base64' })).text(),
  );
  const bytes = Buffer.from(coded.data[0].embedding, 'base64');
  expect(bytes.readFloatLE(8)).toBeCloseTo(numbers.data[0].embedding[2], 6);
  expect(bytes).toHaveLength(4 * 64);
  const short = JSON.parse(await (await embed(server.url, { input: 'a', dimensions: 3 })).text());
  expect(short.data[0].embedding).toHaveLength(3);
  expect(server.embeddings.map(({ text }) => text)).toEqual(['a slow state\na fast state', 'a slow state', 'a']);
  expect(server.requests).toEqual([]);
  await server.stop();
});

it('requests for embeddings misbehave by their own script', async () => {
  const script = () => answer('fine');
  const server = await startOpenAiServer({
    script,
    embed: ({ ordinal }) => (ordinal === 1 ? wrongKey() : vectors(null, [Number.NaN])),
  });
  expect((await embed(server.url, { input: 'a' })).status).toBe(401);
  expect(JSON.parse(await (await embed(server.url, { input: ['a', 'b'] })).text()).data).toEqual([
    { object: 'embedding', index: 0 },
    { object: 'embedding', index: 1, embedding: [null] },
  ]);
  await server.stop();
});

it('an idle connection is not cut: an asker that was busy for long would fail by it, and no script has said so', async () => {
  const server = await startOpenAiServer({ script: () => answer('fine') });
  const { status, headers } = await post(server.url, 'anything');
  // Where idle connections are cut, the server says after how many seconds.
  expect([status, headers.get('connection'), headers.get('keep-alive')]).toEqual([200, 'keep-alive', null]);
  await server.stop();
});
