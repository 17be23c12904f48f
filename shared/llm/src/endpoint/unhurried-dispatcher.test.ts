import { embeddingModelSchema } from '@asi/contracts';
import { answer, startOpenAiServer, vectors } from '@asi/testkit/openai-server';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { requestVector } from '../embedding/request-vector.ts';
import { secretKey, startLaboratory } from '../testing/laboratory.ts';
import { resolveEndpoint } from './resolve-endpoint.ts';

type Agent = { constructor: new (limits: { headersTimeout: number; bodyTimeout: number }) => Agent };

const place = Symbol.for('undici.globalDispatcher.1');
const globals = globalThis as unknown as { [place]: Agent };
const idea = { name: 'delta', size: 4 };

/** Node's own limits are 300 s, which a test cannot wait for. Here they are as short as its timers can be: about a second. */
beforeEach(async () => {
  await fetch('http://127.0.0.1:1').catch(() => undefined); // makes Node load its agent
  const before = globals[place];
  globals[place] = new before.constructor({ headersTimeout: 1, bodyTimeout: 1 });
  onTestFinished(() => {
    globals[place] = before;
  });
});
const late = 2500;

it('an answer that comes later than Node waits is not cut off and asked for again, at the full price each time', async () => {
  const ends = await Promise.all(
    [
      { streaming: true, reply: answer(idea, { delayMilliseconds: late }) },
      { streaming: true, reply: answer(idea, { pieceMilliseconds: late }) },
      { streaming: false, reply: answer(idea, { delayMilliseconds: late }) },
    ].map(async ({ streaming, reply }) => {
      const { ask, server } = await startLaboratory({ script: () => reply, model: { streaming, retries: 0 } });
      return [(await ask()).answer, server.requests.length];
    }),
  );
  expect(ends).toEqual([1, 2, 3].map(() => [idea, 1]));
}, 30_000);

it('nor is a vector', async () => {
  const embed = () => ({ ...vectors([1, 2, 3]), delayMilliseconds: late });
  const server = await startOpenAiServer({ script: () => answer('no chat'), embed });
  onTestFinished(() => server.stop());
  const settings = embeddingModelSchema.parse({ model: 'm', baseUrl: server.url });
  const endpoint = resolveEndpoint(settings, { OPENAI_API_KEY: secretKey });
  const { vector } = await requestVector({ endpoint, settings, text: 'a slow state' }, new AbortController().signal);
  expect(vector).not.toBe('');
}, 30_000);

it('a patience that no timer can hold does not end at once', async () => {
  const patience = { requestSeconds: 1e7, stallSeconds: 1e7 };
  const slow = answer(idea, { delayMilliseconds: 100 });
  const { ask } = await startLaboratory({ script: () => slow, model: { ...patience, retries: 0 } });
  expect((await ask()).answer).toEqual(idea);
});
