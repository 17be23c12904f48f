import { answer, filtered, refusal, type Script, status, truncated } from '@asi/testkit/openai-server';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { callsOf } from './calls-of.ts';
import { idea, question, secretKey, startLaboratory } from './testing/laboratory.ts';

const usage = { input: 120, output: 45, cached: 64, reasoning: 30 };
const inTurn =
  (...replies: ReadonlyArray<ReturnType<Script>>): Script =>
  ({ ordinal }) =>
    replies[ordinal - 1] ?? Promise.reject(new Error(`nothing is scripted for request ${ordinal}`));

describe.each([{ streaming: true }, { streaming: false }])('with streaming $streaming', (model) => {
  it('an answer is on the record with prompt, usage, model and reasoning, and its second asking costs no request', async () => {
    const script = inTurn(
      answer(idea, { usage, model: 'test-model-2026', reasoning: 'Let me think of deltas first.' }),
    );
    const { ask, server, ledger } = await startLaboratory({ script, model });
    const first = await ask();
    const again = await ask();
    expect(first.answer).toEqual(idea);
    expect(again).toEqual(first);
    expect(server.requests).toHaveLength(1);

    const record = ledger.calls.get(first.calls[0] ?? '');
    expect(record).toMatchObject({ state: 'answered', node: 'design', usage, retries: 0, error: null, openings: 1 });
    expect(ledger.bodyOf(record?.answerHash)).toEqual({
      content: JSON.stringify(idea),
      refusal: null,
      reasoning: 'Let me think of deltas first.',
      finishReason: 'stop',
      model: 'test-model-2026',
      usage,
    });
    expect(ledger.bodyOf(record?.promptHash)).toMatchObject({ model: 'test-model', messages: question.messages });
  });

  it.each([null, { input: 0, output: 0 }, { input: 0, output: 55 }])(
    'an answer with the usage figures %j, which cannot be, is not said to have cost that',
    async (told) => {
      const { ask, ledger } = await startLaboratory({ script: inTurn(answer(idea, { usage: told })), model });
      const { calls } = await ask();
      expect(ledger.calls.get(calls[0] ?? '')).toMatchObject({ state: 'answered', usage: null });
    },
  );

  // Figures of xAI, of a server that counts as xAI but tells no useful total, and of one that counts the cache beside.
  it.each([
    [
      { input: 12, output: 1, reasoning: 386, total: 399 },
      { input: 12, output: 387, cached: 0, reasoning: 386 },
    ],
    [
      { input: 12, output: 1, reasoning: 386, total: 13 },
      { input: 12, output: 387, cached: 0, reasoning: 386 },
    ],
    [
      { input: 12, output: 20, total: 232 },
      { input: 12, output: 220, cached: 0, reasoning: 0 },
    ],
    [
      { input: 50, output: 20, cached: 950, total: 1020 },
      { input: 1000, output: 20, cached: 950, reasoning: 0 },
    ],
    [
      { input: 50, output: 20, cached: 50, reasoning: 20 },
      { input: 50, output: 20, cached: 50, reasoning: 20 },
    ],
  ])('figures that do not count as OpenAI does are not read as less than they tell: %o', async (told, counted) => {
    const { ask, ledger } = await startLaboratory({ script: inTurn(answer(idea, { usage: told })), model });
    const { calls } = await ask();
    expect(ledger.calls.get(calls[0] ?? '')?.usage).toEqual(counted);
  });

  it.each([
    ['of the wrong shape', answer({ name: 'x', size: 'large' }), ['expected string to have >=3', 'expected number']],
    ['that is no JSON', answer('I would rather tell a story.'), ['not JSON', 'tell a story']],
    ['that is empty', answer(''), ['is empty', '(nothing)']],
  ])('an answer %s is repaired with one request that shows it and what is wrong', async (_, bad, shown) => {
    const { ask, server, ledger } = await startLaboratory({ script: inTurn(bad, answer(idea)), model });
    const { answer: repaired, calls } = await ask();
    expect(repaired).toEqual(idea);
    server.requests[1]?.demand('Design one.', ...shown);
    expect(calls.map((key) => ledger.calls.get(key)?.node)).toEqual(['design', 'design:repair']);
    expect(calls.map((key) => ledger.calls.get(key)?.state)).toEqual(['answered', 'answered']);
    await ask();
    expect(server.requests).toHaveLength(2);
  });

  it('an answer that stays wrong costs two requests, and no third when it is asked again', async () => {
    const script = inTurn(answer({ name: 'a' }), answer({ name: 'b' }));
    const { ask, server } = await startLaboratory({ script, model });
    for (const _ of [1, 2])
      await expect(ask()).rejects.toMatchObject({ kind: 'terminal', code: 'model-answer-invalid' });
    expect(server.requests).toHaveLength(2);
  });

  it('an answer that is cut off is asked for once more at double length, and paid for once each', async () => {
    const script = inTurn(truncated('{"name":"del', { usage }), answer(idea));
    const { ask, server, ledger } = await startLaboratory({ script, model: { ...model, maxOutputTokens: 50 } });
    const { answer: whole, calls } = await ask();
    expect(whole).toEqual(idea);
    expect(server.requests.map(({ body }) => body.max_tokens)).toEqual([50, 100]);
    expect(calls.map((key) => ledger.calls.get(key)?.node)).toEqual(['design', 'design:longer']);
    expect(ledger.calls.get(calls[0] ?? '')?.usage).toEqual(usage);
    await ask();
    expect(server.requests).toHaveLength(2);
  });

  it('an answer that is cut off at double length too is given up, with what to change', async () => {
    const script = inTurn(truncated('{'), truncated('{"name"'));
    const { ask, server } = await startLaboratory({ script, model: { ...model, maxOutputTokens: 50 } });
    await expect(ask()).rejects.toMatchObject({
      code: 'model-truncated',
      message: /100 tokens: raise maxOutputTokens/,
    });
    expect(server.requests).toHaveLength(2);
  });

  it('an endpoint whose longest answer was cut off refuses a longer one: that is no refusal of all questions', async () => {
    const { ask } = await startLaboratory({
      script: ({ body: { max_tokens } }) =>
        (max_tokens ?? 0) > 50 ? status(400, 'max_tokens: at most 60 are supported') : truncated('{'),
      model: { ...model, maxOutputTokens: 50 },
    });
    for (const topic of ['one', 'two', 'three'])
      await expect(ask({ messages: [{ role: 'user', content: topic }] })).rejects.toMatchObject({
        code: 'model-truncated',
        message: /no end within 50 tokens: raise maxOutputTokens/,
      });
  });

  it('a longer answer never exceeds the context', async () => {
    const script = inTurn(truncated('{'));
    const limits = { maxOutputTokens: 950, contextTokens: 1000 };
    const { ask, server } = await startLaboratory({ script, model: { ...model, ...limits } });
    await expect(ask()).rejects.toMatchObject({ code: 'model-truncated' });
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    ['in its own words', refusal('I cannot help with that.'), /declines: I cannot help with that/],
    ['by the filter of the endpoint', filtered('{"name":'), /filter of the endpoint/],
  ])('a refusal %s ends the question with one request', async (_, reply, message) => {
    const { ask, server } = await startLaboratory({ script: inTurn(reply), model });
    for (const _ of [1, 2]) await expect(ask()).rejects.toMatchObject({ code: 'model-refused', message });
    expect(server.requests).toHaveLength(1);
  });
});

it('reasoning that is longer than the archive takes is cut, and said to be; the answer was paid for and stays', async () => {
  const { ask, server, ledger } = await startLaboratory({
    script: () => answer(idea, { reasoning: 'Say "δ" 𝛿.\n'.repeat(80_001) }),
    model: { streaming: false },
  });
  const first = await ask();
  expect(first.answer).toEqual(idea);
  expect(await ask()).toEqual(first);
  expect(server.requests).toHaveLength(1);
  const record = ledger.calls.get(first.calls[0] ?? '');
  expect(record).toMatchObject({ state: 'answered' });
  const body = ledger.artifacts.get(record?.answerHash ?? '') ?? '';
  expect(Buffer.byteLength(JSON.stringify({ body, mediaType: 'application/json' }))).toBeLessThanOrEqual(1_000_000);
  expect(ledger.bodyOf(record?.answerHash).reasoning).toMatch(/^Say "δ" 𝛿\.\n.*\[cut: of 960012 characters/s);
});

it('an answer that is itself longer than the archive takes ends its call, with what it cost', async () => {
  const usage = { input: 10, output: 300_000 };
  const { ask, ledger } = await startLaboratory({
    script: () => answer('y'.repeat(1_100_000), { usage, reasoning: 'At length.' }),
    model: { streaming: false },
  });
  await expect(ask()).rejects.toMatchObject({ code: 'model-answer-invalid', message: /lower maxOutputTokens/ });
  expect([...ledger.calls.values()]).toMatchObject([{ state: 'failed', usage, error: /longer than the archive/ }]);
});

it('equal questions on another occasion, for another experiment or of another prompt version are asked anew', async () => {
  const { ask, server } = await startLaboratory({ script: () => answer(idea) });
  await ask();
  await ask({ occasion: '2' });
  await ask({ promptVersion: 'v2' });
  await ask({ schema: z.object({ name: z.string(), size: z.number() }) });
  await ask({}, { experimentId: 'c001-0002' });
  await ask({}, { role: 'judge' });
  expect(server.requests).toHaveLength(6);
});

it('an answer stays the answer when the server moves and our patience with it changes', async () => {
  const { ask, server, ledger } = await startLaboratory({ script: () => answer(idea) });
  const first = await ask();
  const moved = await startLaboratory({
    script: () => Promise.reject(new Error('asked again')),
    model: { requestSeconds: 7, stallSeconds: 3, retries: 0, streaming: false, apiKeyVariable: 'OTHER_KEY' },
    tools: { bus: ledger.bus },
  });
  expect(moved.server.url).not.toBe(server.url);
  expect(await moved.ask()).toEqual(first);
});

it('an answer on the record needs neither key nor address, and a question without them reserves nothing', async () => {
  const { ask, ledger } = await startLaboratory({ script: () => answer(idea) });
  const first = await ask();
  const model = { baseUrl: null };
  const replay = await startLaboratory({ script: () => answer(idea), model, tools: { bus: ledger.bus, env: {} } });
  expect(await replay.ask()).toEqual(first);
  await expect(replay.ask({ occasion: 'new' })).rejects.toMatchObject({
    kind: 'paused',
    code: 'model-denied',
    message: /OPENAI_API_KEY is not set/,
  });
  expect([...ledger.calls.values()].map(({ state }) => state)).toEqual(['answered', 'failed']);
});

it('a reached cap makes no request', async () => {
  const { ask, server, ledger } = await startLaboratory({ script: () => answer(idea) });
  ledger.cap = 'the campaign has spent 10 of 10 dollars';
  await expect(ask()).rejects.toMatchObject({ kind: 'paused', code: 'spending-capped', message: ledger.cap });
  expect(server.requests).toHaveLength(0);
});

it('a call that others leave no room below a cap waits its turn; one that is withdrawn meanwhile is never made', async () => {
  const { ask, server, ledger } = await startLaboratory({ script: () => answer(idea) });
  ledger.turns = 2;
  expect((await ask()).answer).toEqual(idea);
  expect(ledger.opened.map(({ patient }) => patient)).toEqual([true, true, true]);
  expect(new Set(ledger.opened.map(({ opening }) => opening)).size).toBe(1);
  expect(server.requests).toHaveLength(1);

  const withdrawal = new AbortController();
  const other = await startLaboratory({ script: () => answer(idea), signal: withdrawal.signal });
  other.ledger.turns = 1000;
  setTimeout(() => withdrawal.abort(), 50);
  await expect(other.ask()).rejects.toMatchObject({ kind: 'cancelled' });
  expect(other.server.requests).toHaveLength(0);
});

it.each([
  [300, [true, true, true, true, true, true, false]],
  [600, [true, true, true, true, true, true, true, true, false]],
])(
  'waits at a cap as long as others end, and then as long as a request may take (%i s): a campaign whose calls still fit is not paused',
  async (requestSeconds, expected) => {
    let minutes = 0;
    const clock = { now: () => new Date(minutes * 60_000) };
    const script = () => answer(idea);
    const { ask, ledger } = await startLaboratory({ script, tools: { clock }, model: { requestSeconds } });
    const patience: Array<boolean | undefined> = [];
    ledger.turns = expected.length - 1;
    const { request } = ledger.bus;
    ledger.bus.request = (async (...asked: Parameters<typeof request>) => {
      if (asked[0] === 'openCall') {
        patience.push((asked[1] as { readonly patient?: boolean }).patient);
        minutes += 2;
        ledger.ended += minutes < 8 ? 1 : 0;
      }
      return request(...asked);
    }) as typeof request;
    await ask();
    // The last that ended was seen after six minutes.
    expect(patience).toEqual(expected);
  },
);

it('what is reserved is not less than what is used, and holds the longest answer', async () => {
  const { ask, ledger } = await startLaboratory({ script: () => answer(idea), model: { maxOutputTokens: 777 } });
  const { calls } = await ask();
  const used = ledger.calls.get(calls[0] ?? '')?.usage?.input ?? Number.POSITIVE_INFINITY;
  expect(ledger.opened[0]?.atMost.output).toBe(777);
  expect(ledger.opened[0]?.atMost.input).toBeGreaterThanOrEqual(used);
});

it('an abort leaves the call open in the ledger, and the next process asks again', async () => {
  const withdrawal = new AbortController();
  const { ask, server, ledger } = await startLaboratory({
    script: ({ ordinal }) => {
      if (ordinal === 1) setTimeout(() => withdrawal.abort(), 50);
      return answer(idea, { delayMilliseconds: 5000 });
    },
    signal: withdrawal.signal,
  });
  await expect(ask()).rejects.toMatchObject({ kind: 'cancelled', code: 'model-cancelled' });
  expect([...ledger.calls.values()].map(({ state }) => state)).toEqual(['open']);
  expect(server.requests).toHaveLength(1);

  const next = await startLaboratory({ script: () => answer(idea), tools: { bus: ledger.bus } });
  const { calls } = await next.ask();
  expect(ledger.calls.get(calls[0] ?? '')).toMatchObject({ state: 'answered', openings: 2 });
});

it('the key is sent to the endpoint and is nowhere else, although the endpoint repeats it', async () => {
  const { ask, server, ledger, logged } = await startLaboratory({
    script: ({ ordinal }) => {
      if (ordinal === 1) return { kind: 'status', status: 503, body: { error: { message: secretKey } }, headers: {} };
      if (ordinal === 2)
        return answer(`your key is ${secretKey}`, {
          reasoning: secretKey,
          model: `m for ${secretKey}`,
          finishReason: `stopped ${secretKey}`,
        });
      return { kind: 'status', status: 401, body: { error: { message: `wrong key ${secretKey}` } }, headers: {} };
    },
  });
  const error = await ask().catch((problem: unknown) => problem);
  expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${secretKey}`);
  expect(error).toMatchObject({ code: 'model-denied', message: /OPENAI_API_KEY is refused/ });
  expect(logged).toHaveLength(1);
  const everything = [
    ...ledger.artifacts.values(),
    ...[...ledger.calls.values()].map((one) => JSON.stringify(one)),
    ...logged,
  ];
  for (const text of [...everything, String(error), JSON.stringify(error)]) expect(text).not.toContain(secretKey);
  expect(server.requests[2]?.text).not.toContain(secretKey);
});

it('who asks what is being asked already goes on with the answer that is on record, not with its own', async () => {
  const laboratory = await startLaboratory({
    script: ({ ordinal }) => answer({ ...idea, size: ordinal }),
  });
  const [one, other] = await Promise.all([laboratory.ask(), laboratory.ask()]);
  expect(laboratory.server.requests).toHaveLength(2);
  expect(one.answer).toEqual(other.answer);
  const kept = [...laboratory.ledger.calls.values()];
  expect(kept).toHaveLength(1);
});

it('nothing is asked, nor reserved, for an attempt that nobody waits for any more', async () => {
  const asked: unknown[] = [];
  const { ask, server, ledger } = await startLaboratory({
    script: () => answer(idea),
    tools: { isWanted: async ({ role, experimentId, attempt }) => asked.push([role, experimentId, attempt]) < 2 },
  });
  await ask({}, { attempt: 3 });
  await expect(ask({ occasion: '2' })).rejects.toMatchObject({ kind: 'cancelled', code: 'model-cancelled' });
  expect(server.requests).toHaveLength(1);
  expect(ledger.opened).toHaveLength(1);
  expect(asked[0]).toEqual(['researcher', 'c001-0001', 3]);
});

it('a call whose attempt is outdated between two tries is not tried again, and reserves nothing any more', async () => {
  let wanted = true;
  const { ask, server, ledger } = await startLaboratory({
    script: () => {
      wanted = false;
      return status(503, 'overloaded');
    },
    tools: { isWanted: async () => wanted },
  });
  await expect(ask()).rejects.toMatchObject({ kind: 'cancelled', code: 'model-cancelled' });
  expect(server.requests).toHaveLength(1);
  expect([...ledger.calls.values()]).toMatchObject([{ state: 'failed', reserved: 0 }]);
});

it('an error names the calls that were answered before it: they were paid for', async () => {
  const { ask, ledger } = await startLaboratory({ script: inTurn(answer({ no: 'idea' }), refusal('I will not.')) });
  const error = await ask().catch((problem: unknown) => problem);
  expect(error).toMatchObject({ code: 'model-refused' });
  expect(callsOf(error)).toEqual([...ledger.calls.keys()]);
  expect(ledger.calls.size).toBe(2);
});
