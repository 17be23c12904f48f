import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { cutOutJson } from './cut-out-json.ts';
import { readAnswer } from './read-answer.ts';
import { askFor, type JsonSchema } from './response-format.ts';

const value = { code: 'def f():\n    return "}{"\n```', n: [1, { a: null }] };
const json = JSON.stringify(value);

describe('an answer in words', () => {
  it.each([
    ['alone', json],
    ['in a fence', `Here it is:\n\`\`\`json\n${json}\n\`\`\`\nEnjoy!`],
    [
      'in the last of several fences',
      `First I thought\n\`\`\`json\n{"draft": 1}\n\`\`\`\nbut\n\`\`\`\n${json}\n\`\`\``,
    ],
    ['in running text', `The answer is ${json}, as you see.`],
    ['after its reasoning', `<think>maybe {"draft": 1}?</think>\n${json}`],
    ['after reasoning that never ended', `<think>Use the set {x} and {"draft": 1}.\n${json}`],
    ['after a formula', `The state S_{t} decays, so I propose:\n${json}`],
    ['after words in braces', `For {k,v} pairs, and for {"k" \\to v}: ${json}`],
    ['after a brace and a quotation mark that stay open', `The sign {" is odd. ${json}`],
    ['after an example of the shape', `An example: {"code": "", "n": []}\nMy answer: ${json}`],
    ['spread over lines', `Sure!\n${JSON.stringify(value, null, 2)}`],
  ])('%s is found', (_, text) => {
    expect(cutOutJson(text)[0]).toEqual(value);
  });

  it('that holds nothing but a broken object yields nothing, not even a part of it', () => {
    for (const text of ['', 'no', '{"a": {"b": 1}, "c": "cut o', '{"a": {"b": 1}, "c": oops}', '}{', '```json\n{\n```'])
      expect(cutOutJson(text)).toEqual([]);
  });

  it('that quotes the end of reasoning, as a judge does who quotes a program, is not cut there', () => {
    const quoting = JSON.stringify({ quote: 'returns "a </think> {}"', size: 4 });
    const schema = z.strictObject({ quote: z.string(), size: z.number() });
    for (const text of [quoting, `Sure: ${quoting}!`, `<think>hm, {"draft": 1}</think>\n${quoting}`])
      expect(readAnswer(text, schema)).toEqual({ good: true, answer: JSON.parse(quoting) });
    expect(cutOutJson('<think>{"draft": 1}</think> I give up.')).toEqual([]);
  });

  it.each([
    ['braces that stay open', '{"a":'.repeat(60_000)],
    ['braces within quotation marks that stay open', '{"a {":["'.repeat(33_000)],
    ['braces before nothing', '{   '.repeat(75_000)],
    ['objects one after the other', '{} '.repeat(100_000)],
    ['strings that are objects from within', `{"a":["{",${'":",",",'.repeat(37_000)}`],
    ['one long object', JSON.stringify({ text: '{"\\}'.repeat(40_000) })],
  ])('of 300 kB does not hold up the process: %s', (_, text) => {
    // Each brace tried to the end of the text takes a hundred times as long as one pass.
    const began = performance.now();
    readAnswer(`Here: ${text}`, z.strictObject({ a: z.number() }));
    expect(performance.now() - began).toBeLessThan(4000);
  });

  it('that surrounds any object is read as that object', () => {
    const words = fc.string().filter((text) => !/[{}`<]/.test(text));
    fc.assert(
      fc.property(words, fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), words, (before, object, after) => {
        const text = JSON.stringify(object);
        expect(cutOutJson(`${before}a ${text} ${after}`)).toContainEqual(JSON.parse(text));
      }),
    );
  });

  it('is taken where it fits, and where several do, the last: an example is not taken for the answer', () => {
    const schema = z.strictObject({ a: z.number() });
    const text = '```json\n{"a": 1}\n```\n```json\n{"example": true}\n```';
    expect(readAnswer(text, schema)).toEqual({ good: true, answer: { a: 1 } });
    const two = 'An example of the shape: {"a": 1}\nMy answer: {"a": 2}';
    expect(readAnswer(two, schema)).toEqual({ good: true, answer: { a: 2 } });
  });
});

const schema = z.object({
  default: z.string().min(2).describe('a key with the name of a keyword'),
  count: z.number().int().min(1).default(3),
  kind: z.discriminatedUnion('on', [
    z.object({ on: z.literal('a') }),
    z.object({ on: z.literal('b'), more: z.string() }),
  ]),
  list: z.array(z.object({ deep: z.string().optional() })).max(4),
  maybe: z.string().nullable(),
});

describe('the schema that an endpoint is shown', () => {
  it('is within what strict mode takes: every key demanded, no other allowed, no keyword that it refuses', () => {
    const { responseFormat } = askFor('thing', schema, 'json-schema');
    expect(responseFormat).toMatchObject({ type: 'json_schema', json_schema: { name: 'thing', strict: true } });
    const visit = (node: unknown, isMap: boolean): void => {
      if (typeof node !== 'object' || node === null) return;
      if (Array.isArray(node)) {
        for (const one of node) visit(one, false);
        return;
      }
      const schemaNode = node as JsonSchema;
      if (!isMap) {
        for (const keyword of ['$schema', 'default', 'minLength', 'maxLength', 'maxItems', 'oneOf'])
          expect(schemaNode).not.toHaveProperty(keyword);
        if (schemaNode.type === 'object') {
          expect(schemaNode.additionalProperties).toBe(false);
          expect(schemaNode.required).toEqual(Object.keys(schemaNode.properties as object));
        }
      }
      for (const [keyword, one] of Object.entries(schemaNode)) visit(one, !isMap && keyword === 'properties');
    };
    visit(responseFormat?.type === 'json_schema' && responseFormat.json_schema.schema, false);
    expect(JSON.stringify(responseFormat)).toContain('"description":"at most 4"');
    expect(JSON.stringify(responseFormat)).toContain('a key with the name of a keyword');
    expect(JSON.stringify(responseFormat)).toContain('"default":{"type":"string"');
  });

  it('is not called strict where keys are free, because strict mode has no such objects', () => {
    const { responseFormat } = askFor('thing', z.object({ scores: z.record(z.string(), z.number()) }), 'json-schema');
    expect(responseFormat).toMatchObject({ json_schema: { strict: false } });
  });

  it('stands in the message where the endpoint does not take it', () => {
    for (const method of ['json-object', 'prompt'] as const) {
      const { instruction, responseFormat } = askFor('thing', schema, method);
      expect(instruction).toMatch(/JSON.*"maybe"/s);
      expect(responseFormat).toEqual(method === 'prompt' ? null : { type: 'json_object' });
    }
  });

  it('is that of an object, or the author of the question is told', () => {
    expect(() => askFor('names', z.array(z.string()), 'json-schema')).toThrow(/names: an answer must be an object/);
  });
});
