import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answer, bagOfWords, type OpenAiServer, startOpenAiServer, status, vectors } from '@asi/testkit/openai-server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { captureCli } from '../testing/captured-context.ts';

const folder = mkdtempSync(join(tmpdir(), 'asi-doctor-llm-'));
const sum = {
  numbers: [{ value: 2 }, { value: 3 }, { value: 7 }],
  sum: 12,
  parity: 'even',
  prime: false,
  next: { kind: 'halve', half: 6 },
};
let server: OpenAiServer;

beforeAll(async () => {
  server = await startOpenAiServer({
    script: ({ body, holds }) => {
      if (body.model === 'rude') return status(401, '\u001b[31mred\u001b]0;title\u0007\u009b2J');
      if (body.model === 'strict-only' || body.response_format?.type !== 'json_schema')
        return answer(holds('JSON Schema') || body.response_format ? sum : '12');
      return status(400, 'response_format json_schema is not supported');
    },
    embed: ({ body, text }) => vectors(body.model === 'fixed-length' ? [1, 2, 3] : bagOfWords(text)),
    models: [{ id: 'plain', max_model_len: 200_000 }, { id: 'strict-only' }],
  });
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function fileOf(yaml: string): string {
  const path = join(folder, 'campaign.yaml');
  writeFileSync(path, yaml);
  return path;
}

test('without a key or an endpoint it says which variables are missing, and asks nobody', async () => {
  const { code, out } = await captureCli(['doctor', '--llm'], {});
  expect(code).toBe(1);
  expect(out).toMatch(/^missing llm answer +researcher, engineer, analyst, judge: .*ASI_MODEL/);
  const { out: withModel } = await captureCli(['doctor', '--llm'], { ASI_MODEL: 'm' });
  expect(withModel).toMatch(/^missing .*OPENAI_API_KEY is not set.*OPENAI_BASE_URL.*\n$/);
});

test('roles of a campaign are examined by their own settings, equal ones once, offline ones not at all', async () => {
  const before = server.requests.length;
  const path = fileOf(
    `minds: { researcher: llm, analyst: llm, judge: llm }\nmodels:\n  common: { baseUrl: '${server.url}', model: plain }\n  judge: { model: strict-only }\n`,
  );
  const { code, out } = await captureCli(['doctor', '--llm', '--campaign', path], {});
  expect(code).toBe(1);
  expect(out).toMatch(
    /^missing llm structure +researcher, analyst: not by json-schema, but by json-object: .*; set structuredOutput: json-object in the campaign file, under models$/m,
  );
  expect(out).toMatch(/^good +llm structure +judge: by json-schema$/m);
  expect(out).toMatch(/^good +llm context +researcher, analyst: 200000 tokens$/m);
  expect(out).toMatch(/^remark +llm context +judge: the endpoint does not tell it/m);
  expect(out).not.toContain('engineer');
  expect(server.requests.length - before).toBe(4 + 3);
});

test('what an endpoint says reaches the terminal as text, and never as an order to it', async () => {
  const path = fileOf(`minds: { judge: llm }\nmodels: { common: { baseUrl: '${server.url}', model: rude } }\n`);
  const { out } = await captureCli(['doctor', '--llm', '--campaign', path], {});
  expect(out).toContain('[31mred');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
});

test('a role whose model only the environment names is examined as the campaign would ask it', async () => {
  const path = fileOf(
    `minds: { analyst: llm, judge: llm }\nmodels: { common: { baseUrl: '${server.url}', model: plain } }\n`,
  );
  const { out } = await captureCli(['doctor', '--llm', '--campaign', path], { ASI_JUDGE_MODEL: 'strict-only' });
  expect(out).toMatch(/^missing llm structure +analyst: not by json-schema/m);
  expect(out).toMatch(/^good +llm structure +judge: by json-schema$/m);
});

test('the model of embeddings is tried where the researcher will ask it, and what fails is told with what to mend', async () => {
  const yaml = (embedding: string, minds = 'researcher: llm') =>
    `minds: { ${minds} }\nmodels:\n  common: { baseUrl: '${server.url}', model: strict-only }\n  embedding: ${embedding}\n`;
  const examine = async (...args: Parameters<typeof yaml>) => {
    const before = server.embeddings.length;
    const { code, out, error } = await captureCli(['doctor', '--llm', '--campaign', fileOf(yaml(...args))], {});
    return { code, out, error, asked: server.embeddings.length - before };
  };
  const good = await examine(`{ baseUrl: '${server.url}', model: vectors }`);
  expect(good.out).toMatch(/^good +llm embedding +vectors at http:.*: 64 numbers, \d+ tokens in$/m);
  expect([good.code, good.asked]).toEqual([0, 1]);
  const stubborn = await examine(`{ baseUrl: '${server.url}', model: fixed-length, dimensions: 8 }`);
  expect(stubborn.out).toMatch(/^missing llm embedding .*has 3 numbers, and models.embedding.dimensions is 8/m);
  const keyless = await examine('{ baseUrl: "https://api.example.com/v1", model: m, apiKeyVariable: OTHER_KEY }');
  expect(keyless.out).toMatch(/^missing llm embedding +OTHER_KEY is not set/m);
  expect([keyless.code, keyless.asked]).toEqual([1, 0]);
  const unused = await examine(`{ baseUrl: '${server.url}', model: vectors }`, 'judge: llm');
  expect([unused.code, unused.asked]).toEqual([2, 0]);
  expect(unused.error).toContain('only a researcher with the mind llm asks for vectors');
});

test('a cap in dollars that cannot be kept for want of a price is told before the campaign is paused by its first question', async () => {
  const examine = async (spending: string, embedding = 'null') => {
    const yaml = `minds: { researcher: llm, judge: llm }\nmodels:\n  common: { baseUrl: '${server.url}', model: strict-only }\n  embedding: ${embedding}\nspending: ${spending}\n`;
    const { code, out } = await captureCli(['doctor', '--llm', '--campaign', fileOf(yaml)], {});
    return { code, prices: out.split('\n').find((line) => line.includes('llm prices')) ?? null };
  };
  const price = '{ input: 1, output: 2 }';
  const unpriced = await examine(
    `{ campaign: { dollars: 3 }, roles: { judge: { dollars: 1 } }, prices: { m: ${price} } }`,
  );
  expect(unpriced.code).toBe(1);
  expect(unpriced.prices).toMatch(
    /^missing llm prices +spending\.campaign\.dollars, spending\.roles\.judge\.dollars cannot be kept.* no price for strict-only; set spending\.prices\.strict-only in the campaign file, or a cap in tokens/,
  );
  const vectorsUnpriced = await examine(
    `{ experiment: { dollars: 3 }, prices: { strict-only: ${price} } }`,
    `{ baseUrl: '${server.url}', model: vectors }`,
  );
  expect(vectorsUnpriced.prices).toMatch(/spending\.experiment\.dollars cannot be kept.* no price for vectors;/);
  for (const keepable of [
    `{ campaign: { dollars: 3 }, prices: { strict-only: ${price} } }`,
    '{ campaign: { tokens: 3000 } }',
    '{ roles: { analyst: { dollars: 1 } } }',
  ])
    expect(await examine(keepable)).toEqual({ code: 0, prices: null });
});

test('a campaign in which nobody thinks with a model costs no request', async () => {
  const before = server.requests.length;
  const { code, out } = await captureCli(['doctor', '--llm', '--campaign', fileOf('seed: 3\n'), '--json'], {});
  expect(code).toBe(0);
  expect(JSON.parse(out).findings).toMatchObject([{ verdict: 'remark', advice: /set minds\.researcher: llm/ }]);
  expect(server.requests).toHaveLength(before);
});

test('a campaign file without --llm is a wrong usage and not silently ignored', async () => {
  const { code, error } = await captureCli(['doctor', '--campaign', fileOf('seed: 3\n')], {});
  expect([code, error]).toEqual([2, expect.stringContaining('--llm')]);
});
