import { expect, it } from 'vitest';
import { answer } from './reply.ts';
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
