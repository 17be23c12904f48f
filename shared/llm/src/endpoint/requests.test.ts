import { type Clock, languageModelSchema } from '@asi/contracts';
import {
  answer,
  contextTooLong,
  noSuchModel,
  page,
  quotaExhausted,
  type Reply,
  rateLimited,
  reset,
  type Script,
  status,
  wrongKey,
} from '@asi/testkit/openai-server';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createThink } from '../create-think.ts';
import { idea, question, secretKey, startLaboratory } from '../testing/laboratory.ts';
import { memoryLedger } from '../testing/memory-ledger.ts';

const then =
  (failures: number, reply: Reply): Script =>
  ({ ordinal }) =>
    ordinal <= failures ? reply : answer(idea);

const limitedWith = (message: string, headers: Readonly<Record<string, string>> = {}): Reply =>
  status(429, { error: { message, type: 'requests', param: null, code: 'rate_limit_exceeded' } }, headers);

describe.each([{ streaming: true }, { streaming: false }])('with streaming $streaming', (model) => {
  const passing: ReadonlyArray<readonly [string, Reply]> = [
    ['429 without a word of when', rateLimited()],
    ['429 that wants no pause', rateLimited(0)],
    ['500', status(500, 'The server had an error.')],
    ['503 without a body', status(503)],
    ['529 as Anthropic says overloaded', status(529, 'Overloaded')],
    ['408', status(408)],
    ['a connection reset before the answer', reset()],
    ['a connection reset in the midst of the answer', answer(idea, { breaks: 'reset' })],
    ['an answer that ends in the midst', answer(idea, { breaks: 'end' })],
    ['status 200 with an error in it', status(200, { error: { message: 'the server behind failed', code: 502 } })],
  ];
  it.each(passing)('%s is tried again, and no more often than the settings allow', async (what, reply) => {
    const mended = await startLaboratory({ script: then(2, reply), model });
    const { calls } = await mended.ask();
    expect(mended.server.requests).toHaveLength(3);
    const begun = /reset|midst|status 200/.test(what);
    expect(mended.ledger.calls.get(calls[0] ?? '')).toMatchObject({
      state: 'answered',
      retries: 2,
      brokenOff: begun ? 2 : 0, // what may be on the bill, so that caps count it
    });
    expect(mended.logged).toHaveLength(2);

    const lost = await startLaboratory({ script: () => reply, model: { ...model, retries: 1 } });
    await expect(lost.ask()).rejects.toMatchObject({
      kind: 'retryable',
      code: 'model-unavailable',
      message: expect.stringMatching(/^test-model at http:\/\/127.0.0.1:\d+\/v1 is not to be had: ./),
      retryAfterMilliseconds: expect.any(Number),
    });
    expect(lost.server.requests).toHaveLength(2);
    expect([...lost.ledger.calls.values()]).toMatchObject([
      { state: 'failed', retries: 1, brokenOff: begun ? 2 : 0, error: /not to be had/ },
    ]);
  });

  it('a try that broke off is on the record before the next one: the cap is asked, and who dies then has told it', async () => {
    const broken = answer(idea, { breaks: 'reset' });
    const capped = await startLaboratory({
      script: ({ ordinal }) => {
        if (ordinal === 2) capped.ledger.cap = 'all is spent';
        return broken;
      },
      model,
    });
    await expect(capped.ask()).rejects.toMatchObject({ kind: 'paused', code: 'spending-capped' });
    expect(capped.server.requests).toHaveLength(2);

    const death = new AbortController();
    const killed = await startLaboratory({
      script: ({ ordinal }) => {
        if (ordinal === 3) setTimeout(() => death.abort(), 20);
        return ordinal === 3 ? answer(idea, { delayMilliseconds: 5000 }) : broken;
      },
      model,
      signal: death.signal,
    });
    await expect(killed.ask()).rejects.toMatchObject({ kind: 'cancelled' });
    expect([...killed.ledger.calls.values()]).toMatchObject([{ state: 'open', openings: 1, brokenOff: 2 }]);
  });

  it.each<readonly [string, Reply, RegExp]>([
    ['a wrong key', wrongKey(), /the key in OPENAI_API_KEY is refused: set a valid one/],
    ['a key without the right', status(403, 'no access'), /the key in OPENAI_API_KEY may not use test-model/],
    ['an empty account', quotaExhausted(), /no quota left: add credit/],
    ['an account in words only', limitedWith('You exceeded your current quota, check billing.'), /no quota left/],
    ['an unpaid account', status(402, 'Payment required'), /no quota left: add credit/],
    ['no such model', noSuchModel('test-model'), /there is no model test-model.*127\.0\.0\.1.*does not exist/],
    ['an address that is a web page', page(), /not one of chat completions.*text\/html/],
  ])('%s denies the model to all: told after one request, with what to mend', async (_, reply, message) => {
    const { ask, server, ledger } = await startLaboratory({ script: () => reply, model });
    await expect(ask()).rejects.toMatchObject({ kind: 'paused', code: 'model-denied', message });
    expect(server.requests).toHaveLength(1);
    expect([...ledger.calls.values()]).toMatchObject([{ state: 'failed', retries: 0 }]);
  });

  it.each<readonly [string, Reply]>([
    ['page', page('<title>Sign in to the network</title>')],
    ['body of another kind', status(200, { status: 'ok' })],
  ])(
    'one %s of a gateway passes where the address has answered before: no campaign is paused for it',
    async (_, odd) => {
      const { ask, server } = await startLaboratory({
        script: ({ ordinal }) => (ordinal === 2 || ordinal >= 4 ? odd : answer(idea)),
        model: { ...model, retries: 1 },
      });
      await ask();
      await ask({ occasion: '2' });
      expect(server.requests).toHaveLength(3);
      // It does not stop: the task comes back later, and an endpoint that stays away is the breaker's matter.
      await expect(ask({ occasion: '3' })).rejects.toMatchObject({ kind: 'retryable', code: 'model-unavailable' });
      expect(server.requests).toHaveLength(5);
    },
  );

  it('a refusal that repeats itself for a megabyte is read in no time, or one endpoint would freeze the process', async () => {
    const { ask } = await startLaboratory({
      script: () => limitedWith('You exceeded the '.repeat(60_000)),
      model: { ...model, retries: 0 },
    });
    await expect(ask()).rejects.toMatchObject({ code: 'model-unavailable' });
  });

  it.each<readonly [string, Reply, RegExp]>([
    ['a prompt too long', contextTooLong(), /lower contextTokens \(128000\) or maxOutputTokens \(16000\)/],
    [
      'another wrong request',
      status(400, 'max_tokens is not supported'),
      /change the settings.*answerLimitField what it is called.*max_tokens is not supp/,
    ],
  ])('%s is told after one request, with what to change', async (_, reply, message) => {
    const { ask, server, ledger } = await startLaboratory({ script: () => reply, model });
    await expect(ask()).rejects.toMatchObject({ kind: 'terminal', code: 'model-rejected', message });
    expect(server.requests).toHaveLength(1);
    expect([...ledger.calls.values()]).toMatchObject([{ state: 'failed', retries: 0 }]);
  });

  it('a setting that the endpoint refuses burns one question and not the campaign; a question that it dislikes, only itself', async () => {
    const refused = status(400, "Unsupported parameter: 'temperature' is not supported with this model.");
    const { ask, server } = await startLaboratory({ script: () => refused, model });
    const rejected = { kind: 'terminal', code: 'model-rejected' };
    const other = { messages: [{ role: 'user' as const, content: 'Design another one.' }] };
    // Three askings of one question, as a judge makes them, tell nothing of the next.
    for (const occasion of ['1', '2', '3']) await expect(ask({ occasion })).rejects.toMatchObject(rejected);
    const message = /one question after the other is refused: .*change the settings.*'temperature' is not supported/;
    await expect(ask(other)).rejects.toMatchObject({ kind: 'paused', code: 'model-denied', message });
    expect(server.requests).toHaveLength(4);
    // Who goes on has mended it, or pays for one more.
    await expect(ask(other)).rejects.toMatchObject(rejected);

    const touchy = await startLaboratory({
      script: ({ holds }) => (holds('evil') ? status(400, 'I do not like this.') : answer(idea)),
      model,
    });
    for (const topic of ['evil 1', 'good 1', 'evil 2', 'good 2', 'evil 3']) {
      const asked = touchy.ask({ messages: [{ role: 'user', content: topic }] });
      if (topic.startsWith('evil')) await expect(asked).rejects.toMatchObject(rejected);
      else await asked;
    }
  });

  it('a prompt that the filter of Azure refuses is a refusal', async () => {
    const filter = status(400, { error: { code: 'content_filter', message: 'The prompt triggered the filter.' } });
    const { ask, server } = await startLaboratory({ script: () => filter, model });
    await expect(ask()).rejects.toMatchObject({ code: 'model-refused' });
    expect(server.requests).toHaveLength(1);
  });

  it('an endpoint that says when to come again is not asked before', async () => {
    const { ask, server } = await startLaboratory({ script: then(1, rateLimited(1)), model });
    const began = performance.now();
    await ask();
    expect(performance.now() - began).toBeGreaterThanOrEqual(1000);
    expect(server.requests).toHaveLength(2);
  });

  // Words of OpenAI, Gemini, Groq and Azure; the first two speak of bills in each of them.
  it.each<readonly [string, Reply, number]>([
    [
      'in a header',
      limitedWith('Limit 200000, Used 199000. Add a payment method at https://x/account/billing.', {
        'retry-after': '90',
      }),
      90_000,
    ],
    ['to the millisecond', limitedWith('Too many.', { 'retry-after-ms': '61500', 'retry-after': '62' }), 61_500],
    [
      'in words after much else',
      limitedWith(
        `You exceeded your current quota, please check your plan and billing details. ${'* Quota exceeded for metric: generate_requests. '.repeat(8)}Please retry in 75.5s.`,
      ),
      75_500,
    ],
    ['in minutes and seconds', limitedWith('Rate limit reached. Please try again in 7m12.5s. Visit us.'), 432_500],
    ['in long words', limitedWith('Your requests have exceeded the rate. Please retry after 90 seconds.'), 90_000],
  ])(
    'a limit by the minute that says %s when to come again is not taken for an empty account',
    async (_, reply, wait) => {
      const { ask, server } = await startLaboratory({ script: () => reply, model });
      await expect(ask()).rejects.toMatchObject({ code: 'model-unavailable', retryAfterMilliseconds: wait });
      expect(server.requests).toHaveLength(1);
    },
  );

  it.each([
    ['retry-after', 'Infinity'],
    ['retry-after-ms', 'Infinity'],
    ['retry-after', '1e999'],
  ])('%s: %s is no time, and is not waited for without an end', async (header, time) => {
    const reply = limitedWith('Too many.', { [header]: time });
    const { ask, server } = await startLaboratory({ script: then(1, reply), model });
    expect((await ask()).answer).toEqual(idea);
    expect(server.requests).toHaveLength(2);
  });

  it('a port that fetch never connects to is told as that: no server and no wait would mend it', async () => {
    const { ask, ledger } = await startLaboratory({
      script: () => answer(idea),
      model: { ...model, baseUrl: 'http://127.0.0.1:9/v1' },
    });
    await expect(ask()).rejects.toMatchObject({
      kind: 'paused',
      code: 'model-denied',
      message: expect.stringMatching(/never connects to the port of http:\/\/127\.0\.0\.1:9\/v1.*another port/),
    });
    expect([...ledger.calls.values()]).toMatchObject([{ state: 'failed', retries: 0, brokenOff: 0 }]);
  });

  it('an endpoint that wants a long pause gets it, without a task that stands still', async () => {
    const { ask, server } = await startLaboratory({ script: () => rateLimited(600), model });
    await expect(ask()).rejects.toMatchObject({ code: 'model-unavailable', retryAfterMilliseconds: 600_000 });
    expect(server.requests).toHaveLength(1);
  });

  it('an answer that takes too long is given up and asked for again', async () => {
    const slow = answer(idea, { delayMilliseconds: 20_000 });
    const { ask, server, logged } = await startLaboratory({
      script: then(1, slow),
      model: { ...model, requestSeconds: 0.3 },
    });
    await ask();
    expect(server.requests).toHaveLength(2);
    expect(logged[0]).toContain('no whole answer within 0.3 s');
  });

  it('an abort in the midst of an answer hangs up', async () => {
    const withdrawal = new AbortController();
    const { ask, server } = await startLaboratory({
      script: () => {
        setTimeout(() => withdrawal.abort(), 100);
        return answer(idea, { breaks: 'stall' });
      },
      model,
      signal: withdrawal.signal,
    });
    await expect(ask()).rejects.toMatchObject({ kind: 'cancelled' });
    expect(server.requests).toHaveLength(1);
  });
});

it.each(['reset', 'stall'] as const)(
  'an answer that came whole before a %s is kept: it is paid for, though nobody says how much',
  async (breaks) => {
    const { ask, server, ledger } = await startLaboratory({
      script: () => answer(idea, { breaks, breaksAfter: 'finish' }),
      model: { stallSeconds: 0.3 },
    });
    const { answer: whole, calls } = await ask();
    expect(whole).toEqual(idea);
    expect(server.requests).toHaveLength(1);
    expect(ledger.calls.get(calls[0] ?? '')).toMatchObject({ state: 'answered', usage: null, brokenOff: 0 });
  },
);

it('a stream that stalls is noticed by its silence and asked for again', async () => {
  const { ask, logged } = await startLaboratory({
    script: then(1, answer(idea, { breaks: 'stall' })),
    model: { stallSeconds: 0.2 },
  });
  await ask();
  expect(logged[0]).toContain('the stream stalled for 0.2 s');
});

it('a stream that is slow, or silent before its first word, is waited for', async () => {
  const slow = answer(idea, { delayMilliseconds: 600, pieceMilliseconds: 150 });
  const { ask, server } = await startLaboratory({ script: () => slow, model: { stallSeconds: 0.4 } });
  expect((await ask()).answer).toEqual(idea);
  expect(server.requests).toHaveLength(1);
});

it('a stream with an error in it is read as that error', async () => {
  const { ask, server } = await startLaboratory({
    script: () => answer(idea, { streamError: { code: 'insufficient_quota', message: 'You exceeded your quota.' } }),
  });
  await expect(ask()).rejects.toMatchObject({ code: 'model-denied', message: /no quota left/ });
  expect(server.requests).toHaveLength(1);
});

it('an endpoint that serves nobody is left alone by all thinkers of the process, then asked once', async () => {
  let milliseconds = 0;
  const clock: Clock = { now: () => new Date(milliseconds) };
  let up = false;
  const ledger = memoryLedger();
  const { server } = await startLaboratory({ script: () => (up ? answer(idea) : status(500)) });
  const think = createThink({ bus: ledger.bus, env: { OPENAI_API_KEY: secretKey }, clock, random: { next: () => 0 } });
  const model = languageModelSchema.parse({ baseUrl: server.url, model: 'test-model', retries: 2 });
  const ask = (occasion: string) =>
    think(
      { role: 'judge', campaignId: 'c001', experimentId: null, attempt: 1, model },
      new AbortController().signal,
    ).ask({
      ...question,
      occasion,
    });

  await expect(ask('1')).rejects.toMatchObject({ code: 'model-unavailable' });
  await expect(ask('2')).rejects.toMatchObject({ code: 'model-unavailable', retryAfterMilliseconds: 30_000 });
  expect(server.requests).toHaveLength(5);
  milliseconds = 10_000;
  await expect(ask('3')).rejects.toMatchObject({ code: 'model-unavailable', retryAfterMilliseconds: 20_000 });
  expect(server.requests).toHaveLength(5);

  milliseconds = 31_000;
  up = true;
  const ends = await Promise.allSettled([ask('4'), ask('5')]);
  expect(ends.map(({ status: end }) => end).sort()).toEqual(['fulfilled', 'rejected']);
  expect(server.requests).toHaveLength(6);
  await Promise.all([ask('6'), ask('7')]);
  expect(server.requests).toHaveLength(8);
});

it('a request says what the settings say, and nothing that LangChain adds by the name of the model', async () => {
  const { ask, server } = await startLaboratory({
    script: () => answer(idea),
    model: { model: 'my-codex', temperature: 0.4, reasoningEffort: 'low', maxOutputTokens: 99 },
  });
  await ask();
  const { body, headers } = server.requests[0] ?? {};
  expect(Object.keys(body ?? {}).sort()).toEqual([
    'max_tokens',
    'messages',
    'model',
    'reasoning_effort',
    'response_format',
    'stream',
    'stream_options',
    'temperature',
  ]);
  expect(body).toMatchObject({ model: 'my-codex', temperature: 0.4, reasoning_effort: 'low', max_tokens: 99 });
  expect(headers).not.toHaveProperty('openai-organization');
});

it('what the environment tells the SDK for another provider goes to none: neither headers nor a key nor an organization', async () => {
  onTestFinished(() => void vi.unstubAllEnvs());
  vi.stubEnv('OPENAI_CUSTOM_HEADERS', 'x-gateway-secret: hush\nAuthorization: Bearer other');
  for (const name of ['OPENAI_ORGANIZATION', 'OPENAI_ORG_ID', 'OPENAI_PROJECT_ID']) vi.stubEnv(name, 'elsewhere');
  const { ask, server } = await startLaboratory({ script: () => answer(idea) });
  await ask();
  const { headers } = server.requests[0] ?? {};
  expect(headers).toMatchObject({ authorization: `Bearer ${secretKey}` });
  expect(JSON.stringify(headers)).not.toMatch(/hush|elsewhere/);
});

it('behind a gateway the limit of an answer is called as the settings say, for its address tells nothing', async () => {
  for (const answerLimitField of ['max_tokens', 'max_completion_tokens'] as const) {
    for (const model of ['my-reasoner', 'gpt-5-mini']) {
      const { ask, server } = await startLaboratory({
        script: () => answer(idea),
        model: { model, maxOutputTokens: 99, answerLimitField },
      });
      await ask();
      const { max_tokens, max_completion_tokens } = server.requests[0]?.body ?? {};
      const sent = { max_tokens, max_completion_tokens };
      expect(sent).toEqual({ max_tokens: undefined, max_completion_tokens: undefined, [answerLimitField]: 99 });
    }
  }
});

it('a model of OpenAI that reasons is limited by the parameter that it takes', async () => {
  const { ask, server } = await startLaboratory({
    script: () => answer(idea),
    model: { model: 'gpt-5-mini', maxOutputTokens: 99 },
  });
  await ask();
  expect(server.requests[0]?.body).toMatchObject({ max_completion_tokens: 99 });
  expect(server.requests[0]?.body).not.toHaveProperty('max_tokens');
});
