import { languageModelSchema } from '@asi/contracts';
import { answer, endlessJson, endlessStream, type Reply, startOpenAiServer, status } from '@asi/testkit/openai-server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { probeModel } from '../probe/probe-model.ts';
import { idea, secretKey, startLaboratory } from '../testing/laboratory.ts';
import { mostBytesOf } from './guarded-fetch.ts';

describe('an answer without end', () => {
  it.each<readonly [string, Reply, boolean]>([
    ['one JSON', endlessJson(), false],
    ['one JSON where a stream was asked for', endlessJson(), true],
    ['a stream', endlessStream(), true],
    ['a stream of one line', endlessStream({ inOneLine: true }), true],
  ])('as %s is cut off before it fills the memory, and is not asked for again', async (_, reply, streaming) => {
    const model = { streaming, maxOutputTokens: 100 };
    const { ask, server, ledger } = await startLaboratory({ script: () => reply, model });
    const before = process.memoryUsage.rss();
    await expect(ask()).rejects.toMatchObject({
      kind: 'terminal',
      code: 'model-rejected',
      message: expect.stringMatching(/^test-model at http.* is longer than 4 MB, .*maxOutputTokens/),
    });
    expect(process.memoryUsage.rss() - before).toBeLessThan(300_000_000);
    expect(server.requests).toHaveLength(1);
    // It is on the bill, and what it took nobody tells.
    expect([...ledger.calls.values()]).toMatchObject([{ state: 'failed', brokenOff: 1 }]);
  });

  it('of every question pauses the campaign, for then it is the endpoint and not the question', async () => {
    const { ask } = await startLaboratory({ script: () => endlessJson(), model: { streaming: false } });
    await expect(ask()).rejects.toMatchObject({ code: 'model-rejected' });
    await expect(ask({ messages: [{ role: 'user', content: 'Another.' }] })).rejects.toMatchObject({
      kind: 'paused',
      code: 'model-denied',
      message: expect.stringContaining('longer than'),
    });
  });

  it('is not what a long answer is: all tokens that were asked for have room, told one by one', async () => {
    const long = { ...idea, name: 'word '.repeat(16_000).trim() };
    for (const streaming of [true, false]) {
      const { ask } = await startLaboratory({ script: () => answer(long), model: { streaming } });
      expect((await ask()).answer).toEqual(long);
    }
    // As OpenAI and OpenRouter write a chunk of one token.
    expect(mostBytesOf(128_000, 'streamed')).toBeGreaterThan(128_000 * 500);
  });
});

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('%i is not followed: every prompt would go where nobody sent it', async (code) => {
    const other = await startOpenAiServer({ script: () => answer(idea) });
    onTestFinished(() => other.stop());
    const location = `${other.url}/chat/completions?secret=1`;
    const { ask, server } = await startLaboratory({ script: () => status(code, null, { location }) });
    await expect(ask()).rejects.toMatchObject({
      kind: 'paused',
      code: 'model-denied',
      message: expect.stringContaining(`${server.url}: it redirects to ${other.url}, which is not followed`),
    });
    await expect(ask()).rejects.toMatchObject({ message: expect.not.stringContaining('secret') });
    await expect(ask()).rejects.toMatchObject({ message: expect.stringContaining(`set baseUrl to ${other.url}`) });
    expect(other.requests).toEqual([]);
  });

  it('to a path of the same server is told as well, in full', async () => {
    const { ask, server, ledger } = await startLaboratory({
      script: () => status(307, null, { location: '/openai/v1/chat/completions' }),
    });
    const base = server.url.replace('/v1', '/openai/v1');
    await expect(ask()).rejects.toMatchObject({ message: expect.stringContaining(`set baseUrl to ${base}`) });
    expect(server.requests).toHaveLength(1);
    expect([...ledger.calls.values()]).toMatchObject([{ brokenOff: 0 }]);
  });

  it('is told by the doctor before a campaign meets it', async () => {
    const server = await startOpenAiServer({
      script: () => status(307, null, { location: 'https://other.example/v1/chat/completions' }),
    });
    onTestFinished(() => server.stop());
    const model = languageModelSchema.parse({ model: 'test-model', baseUrl: server.url });
    const found = await probeModel({
      model,
      env: { OPENAI_API_KEY: secretKey },
      signal: new AbortController().signal,
    });
    expect(found).toMatchObject([
      {
        capability: 'answer',
        verdict: 'fails',
        detail: expect.stringContaining('set baseUrl to https://other.example/v1'),
      },
    ]);
  });
});
