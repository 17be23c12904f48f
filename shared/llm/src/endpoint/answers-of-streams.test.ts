import { answer as answered, type Script, status } from '@asi/testkit/openai-server';
import { describe, expect, it } from 'vitest';
import { idea, startLaboratory } from '../testing/laboratory.ts';

const told = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };
const usage = { input: 100, output: 20, cached: 0, reasoning: 0 };
const zeros = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };

const whole = (message: object, fields: object = {}) => ({
  id: 'x',
  object: 'chat.completion',
  created: 1,
  model: 'test-model-2026',
  choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: 'stop' }],
  usage: told,
  ...fields,
});

describe('a stream that was asked for and does not come', () => {
  const text = JSON.stringify(idea);
  const asJson = (body: unknown): Script => {
    return ({ body: { stream } }) => status(200, stream ? body : 'the test is about streams');
  };

  it.each([
    ['in one text', whole({ content: text, reasoning_content: 'Deltas first.' })],
    ['in parts', whole({ content: [{ type: 'text', text }], reasoning: 'Deltas first.' })],
  ])(
    'because the server heeds no `stream`: its answer %s was paid for, and is taken with its usage',
    async (_, body) => {
      const { ask, server, ledger } = await startLaboratory({ script: asJson(body) });
      const { answer, calls } = await ask();
      expect(answer).toEqual(idea);
      expect(server.requests).toHaveLength(1);
      const record = ledger.calls.get(calls[0] ?? '');
      expect(record).toMatchObject({ state: 'answered', usage, brokenOff: 0 });
      expect(ledger.bodyOf(record?.answerHash)).toEqual({
        content: text,
        refusal: null,
        reasoning: 'Deltas first.',
        finishReason: 'stop',
        model: 'test-model-2026',
        usage,
      });
    },
  );

  it('for a refusal or an answer that was cut off says so', async () => {
    const declined = await startLaboratory({ script: asJson(whole({ content: null, refusal: 'I will not.' })) });
    await expect(declined.ask()).rejects.toMatchObject({ code: 'model-refused', message: /I will not/ });
    const choices = [{ index: 0, message: { role: 'assistant', content: '{"na' }, finish_reason: 'length' }];
    const cut = await startLaboratory({ script: asJson(whole({}, { choices })) });
    await expect(cut.ask()).rejects.toMatchObject({ code: 'model-truncated' });
  });

  it.each([
    ['a body that is no answer', { status: 'ok' }],
    ['nothing', null],
  ])('because %s comes: what to mend is told after one request', async (_, body) => {
    const { ask, server } = await startLaboratory({ script: asJson(body) });
    await expect(ask()).rejects.toMatchObject({ code: 'model-denied', message: /not one of chat completions/ });
    expect(server.requests).toHaveLength(1);
  });
});

describe('usage that is zero', () => {
  it.each([{ streaming: true }, { streaming: false }])('is not said of an answer: %o', async (model) => {
    const { ask, ledger } = await startLaboratory({
      script: () => status(200, whole({ content: JSON.stringify(idea) }, { usage: zeros })),
      model,
    });
    const { calls } = await ask();
    expect(ledger.calls.get(calls[0] ?? '')).toMatchObject({ state: 'answered', usage: null });
  });

  it('at the end of a stream does not make the answer free: of each figure the largest that was told counts', async () => {
    const earlierUsage = { input: 100, output: 20, cached: 64, reasoning: 0 };
    const { ask, ledger } = await startLaboratory({
      script: ({ ordinal }) =>
        answered(idea, {
          earlierUsage,
          usage: ordinal === 1 ? { input: 0, output: 0 } : { input: 100, output: 45, cached: 0, reasoning: 30 },
        }),
    });
    const first = await ask();
    expect(ledger.calls.get(first.calls[0] ?? '')?.usage).toEqual(earlierUsage);
    const second = await ask({ occasion: '2' });
    expect(ledger.calls.get(second.calls[0] ?? '')?.usage).toEqual({
      input: 100,
      output: 45,
      cached: 64,
      reasoning: 30,
    });
  });

  it('in a stream from beginning to end is none that was told', async () => {
    const nothing = { input: 0, output: 0 };
    const { ask, ledger } = await startLaboratory({
      script: () => answered(idea, { earlierUsage: nothing, usage: nothing }),
    });
    const { calls } = await ask();
    expect(ledger.calls.get(calls[0] ?? '')).toMatchObject({ state: 'answered', usage: null });
  });
});
