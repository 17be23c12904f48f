import { languageModelSchema } from '@asi/contracts';
import { answer, type Script, startOpenAiServer, status, truncated, wrongKey } from '@asi/testkit/openai-server';
import { expect, it, onTestFinished } from 'vitest';
import { probeModel } from './probe-model.ts';

const sum = {
  numbers: [{ value: 2 }, { value: 3 }, { value: 7 }],
  sum: 12,
  parity: 'even',
  prime: false,
  next: { kind: 'halve', half: 6 },
};
const inWords: Script = ({ body, holds }) =>
  answer(body.response_format || holds('JSON Schema') ? sum : 'The sum is 12, which is even.', {
    usage: { input: 40, output: 9, cached: 32, reasoning: 4 },
  });

async function probe(script: Script, changes: object = {}, models?: Parameters<typeof startOpenAiServer>[0]['models']) {
  const server = await startOpenAiServer({ script, ...(models ? { models } : {}) });
  onTestFinished(() => server.stop());
  const model = languageModelSchema.parse({ baseUrl: server.url, model: 'm', requestSeconds: 20, ...changes });
  const findings = await probeModel({ model, env: {}, signal: new AbortController().signal });
  return { server, of: Object.fromEntries(findings.map((one) => [one.capability, one])) };
}

it('an endpoint that can everything is told so, with one request for each thing', async () => {
  const { server, of } = await probe(inWords, {}, [{ id: 'm', max_model_len: 131_072 }]);
  expect(Object.values(of).map(({ verdict, advice }) => [verdict, advice])).toEqual(Array(5).fill(['works', '']));
  expect(of['usage figures']?.detail).toBe('40 in (32 cached), 9 out (4 reasoning)');
  expect(of['context length']?.detail).toBe('131072 tokens');
  expect(server.requests).toHaveLength(3);
});

it('where the configured way of structured output does not work, the one that works is named', async () => {
  const noSchemas: Script = (request) =>
    request.body.response_format?.type === 'json_schema'
      ? status(400, "'response_format.type' must be 'text' or 'json_object'")
      : inWords(request);
  const { of } = await probe(noSchemas);
  expect(of['structured output']).toMatchObject({ verdict: 'fails', advice: 'set structuredOutput: json-object' });

  // Takes every field and heeds none of them.
  const { of: heedless } = await probe((request) =>
    request.holds('JSON Schema') ? answer(`\`\`\`json\n${JSON.stringify(sum)}\n\`\`\``) : answer('Twelve.'),
  );
  expect(heedless['structured output']).toMatchObject({ verdict: 'fails', detail: /not JSON.*Twelve/s });
});

it('an endpoint that takes flat shapes only does not pass for one that takes those of the roles', async () => {
  const { of } = await probe((request) =>
    JSON.stringify(request.body.response_format ?? null).includes('anyOf')
      ? status(400, 'Unsupported JSON Schema keyword: anyOf')
      : inWords(request),
  );
  expect(of['structured output']).toMatchObject({ verdict: 'fails', advice: 'set structuredOutput: json-object' });
});

it('a stream that does not come is told, and the rest is examined without it', async () => {
  const { of } = await probe((request) => (request.body.stream ? answer('12', { breaks: 'end' }) : inWords(request)));
  expect(of.streaming).toMatchObject({ verdict: 'fails', advice: 'set streaming: false' });
  expect(of['structured output']).toMatchObject({ verdict: 'works' });
});

it('a model that spends the whole answer on reasoning is told with what to change', async () => {
  const { of } = await probe(() => truncated(''));
  expect(of.answer).toMatchObject({ verdict: 'fails', detail: /16000 tokens/, advice: 'set reasoningEffort: low' });
});

it('an endpoint that answers a stream in one piece does not pass for one whose stalls are noticed', async () => {
  const whole = (content: string) => ({
    ...{ id: 'x', object: 'chat.completion', created: 1, model: 'm' },
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 40, completion_tokens: 9, total_tokens: 49 },
  });
  const { of } = await probe(({ body, holds }) =>
    status(200, whole(body.response_format || holds('JSON Schema') ? JSON.stringify(sum) : 'The sum is 12.')),
  );
  expect(of.streaming).toMatchObject({ verdict: 'unknown', detail: /in one piece/ });
  expect(of['structured output']).toMatchObject({ verdict: 'works' });
});

it('usage that is not reported, and a context shorter than the prompts may be, are told with what they mean', async () => {
  const { of } = await probe((request) => ({ ...inWords(request), usage: null }) as never, {}, [
    { id: 'm', context_length: 8192 },
  ]);
  expect(of['usage figures']).toMatchObject({ verdict: 'unknown', advice: /caps of spending/ });
  expect(of['context length']).toMatchObject({
    verdict: 'fails',
    advice: 'set contextTokens: 8192, and maxOutputTokens below it: 2048, say',
  });
  const { of: silent } = await probe(inWords, {}, [{ id: 'another' }]);
  expect(silent['context length']).toMatchObject({ verdict: 'unknown', detail: /has no m;/ });
});

it.each([
  [{ prompt_tokens: -4, completion_tokens: 9, total_tokens: 5 }, '{"prompt_tokens":-4,"completion_tokens":9'],
  [{ prompt_tokens: '40', completion_tokens: '9' }, '{"prompt_tokens":"40"'],
  [{ prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }, '{"prompt_tokens":0'],
  [{ input: 40, output: 9 }, '{"input":40'],
])(
  'figures that cannot be used do not pass for none, and are shown, because who mends the endpoint looks for them: %o',
  async (usage, seen) => {
    for (const streaming of [true, false]) {
      const { of } = await probe(
        (request) => {
          const message = {
            role: 'assistant',
            content: request.body.response_format ? JSON.stringify(sum) : 'Twelve.',
          };
          const choices = [{ index: 0, message, finish_reason: 'stop' }];
          return status(200, { id: 'x', object: 'chat.completion', created: 0, model: 'm', choices, usage });
        },
        { streaming },
      );
      const detail = expect.stringContaining(`what the endpoint reports cannot be used: ${seen}`);
      expect(of['usage figures']).toMatchObject({ verdict: 'unknown', detail, advice: /caps of spending/ });
    }
  },
);

const passing = {
  429: status(429, 'slow down', { 'retry-after': '120' }),
  503: status(503, 'busy', { 'retry-after': '120' }),
};

it.each([429, 503] as const)(
  'a model is not given up, nor set to weaker ways, for an error %i that passes: what could not be tried is not known',
  async (code) => {
    const { server, of } = await probe((request) => (request.ordinal === 1 ? inWords(request) : passing[code]));
    expect(of.answer).toMatchObject({ verdict: 'works' });
    for (const what of ['streaming', 'structured output'])
      expect(of[what]).toMatchObject({ verdict: 'unknown', advice: 'try again' });
    expect(server.requests).toHaveLength(3);

    const { of: later } = await probe((request) =>
      request.body.response_format?.type === 'json_schema'
        ? status(400, 'no json_schema')
        : request.body.response_format
          ? passing[code]
          : inWords(request),
    );
    expect(later['structured output']).toMatchObject({ verdict: 'fails', detail: /json-object it is not known/ });
    expect(later['structured output']?.advice).toBe('try again');
  },
);

it('where the endpoint asks for a short pause, it is made, and the request sent once more', async () => {
  const { server, of } = await probe((request) =>
    request.ordinal === 2 ? status(429, 'slow down', { 'retry-after-ms': '5' }) : inWords(request),
  );
  expect(of.streaming).toMatchObject({ verdict: 'works' });
  expect(server.requests).toHaveLength(4);
});

it.each(['', '{"numbers": [{"value": 2'])(
  'a structured answer that was cut off is not taken for a model that gives none: %o',
  async (content) => {
    const { server, of } = await probe(
      (request) => (request.body.response_format ? truncated(content) : inWords(request)),
      { maxOutputTokens: 2000 },
    );
    expect(of['structured output']).toMatchObject({
      verdict: 'fails',
      detail: /within 2000 tokens/,
      advice: 'set reasoningEffort: low, or a larger maxOutputTokens than 2000',
    });
    expect(server.requests).toHaveLength(3);
  },
);

it('a stream that was cut off before its first word does not pass for one that does not come', async () => {
  const { of } = await probe((request) => (request.body.stream ? truncated('') : inWords(request)));
  expect(of.streaming).toMatchObject({ verdict: 'unknown', advice: 'set reasoningEffort: low' });
});

it.each([-1, 0, 0.5, 1e300])('a length of the context that can be none, %d, is not advised to be set', async (told) => {
  const { of } = await probe(inWords, {}, [{ id: 'm', max_model_len: told }]);
  expect(of['context length']).toMatchObject({ verdict: 'unknown', detail: /does not tell it/, advice: '' });
});

it('with a wrong key one request is made, and nothing else is said', async () => {
  const { server, of } = await probe(() => wrongKey());
  expect(Object.keys(of)).toEqual(['answer']);
  expect(of.answer).toMatchObject({ verdict: 'fails', detail: /OPENAI_API_KEY is refused/ });
  expect(server.requests).toHaveLength(1);
});
