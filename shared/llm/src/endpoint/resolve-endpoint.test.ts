import { languageModelSchema } from '@asi/contracts';
import { expect, it } from 'vitest';
import { resolveEndpoint } from './resolve-endpoint.ts';

const settings = (changes: object = {}) => languageModelSchema.parse({ model: 'm', ...changes });

it('what the settings leave open comes from the environment, and what they say is not overruled by it', () => {
  const env = { OPENAI_BASE_URL: 'http://gpu:8000/v1/', ASI_MODEL: 'qwen', OPENAI_API_KEY: 'key-of-the-environment' };
  expect(resolveEndpoint(languageModelSchema.parse({}), env)).toMatchObject({
    url: 'http://gpu:8000/v1',
    modelName: 'qwen',
    apiKey: 'key-of-the-environment',
  });
  const own = settings({ baseUrl: 'https://example.com/v1', apiKeyVariable: 'MY_KEY' });
  expect(resolveEndpoint(own, { ...env, MY_KEY: 'mine' })).toMatchObject({
    url: 'https://example.com/v1',
    modelName: 'm',
    apiKey: 'mine',
  });
});

it('a public endpoint without a key is refused with the name of its variable, a server of one’s own needs none', () => {
  const attempt = (baseUrl: string | null) => () =>
    resolveEndpoint(settings({ baseUrl, apiKeyVariable: 'MY_KEY' }), {});
  for (const url of [null, 'https://api.example.com/v1', 'http://8.8.8.8/v1', 'http://172.32.0.1/v1'])
    expect(attempt(url)).toThrow(/^MY_KEY is not set, and https?:.*needs a key/);
  for (const host of [
    'localhost',
    '127.0.0.1',
    '[::1]',
    '10.0.0.7',
    '192.168.1.2',
    '172.20.0.3',
    'vllm',
    'host.docker.internal',
  ])
    expect(attempt(`http://${host}:8000/v1`)().apiKey).toBe('none');
});

it('a model without a name, and an address that cannot be used, are told without repeating what may be a password', () => {
  expect(() => resolveEndpoint(languageModelSchema.parse({}), { OPENAI_API_KEY: 'k' })).toThrow(/set .* or ASI_MODEL/);
  for (const url of ['ftp://host/v1', 'http://me:hunter2@host/v1', 'http://host/v1?key=hunter2', 'hunter2'])
    try {
      expect(resolveEndpoint(settings(), { OPENAI_BASE_URL: url })).toBe('refused');
    } catch (error) {
      expect(error).toMatchObject({ code: 'model-not-configured', message: expect.not.stringContaining('hunter2') });
    }
});

it('a word that serves as key for a server without keys is not cut out of programs', () => {
  const { withoutKey } = resolveEndpoint(settings({ baseUrl: 'http://localhost/v1' }), { OPENAI_API_KEY: 'None' });
  expect(withoutKey('return None')).toBe('return None');
});

it('a key is cut out also where it is written with the escapes of JSON, and no other escape is touched', () => {
  const key = 'sk-secret-aaaaaaaa';
  const { withoutKey } = resolveEndpoint(settings(), { OPENAI_API_KEY: key });
  const said = withoutKey('{"name":"\\u0073k-secret\\u002D\\u0061aaaaaaa","quote":"\\u0022\\u005c\\n"}');
  expect(JSON.parse(said)).toEqual({ name: '[OPENAI_API_KEY]', quote: '"\\\n' });
  expect(withoutKey(`key ${key}.`)).toBe('key [OPENAI_API_KEY].');
  expect(withoutKey('{"name":"\\u0073afe"}')).toBe('{"name":"\\u0073afe"}');
});
