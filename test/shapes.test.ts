import { expect, test } from 'vitest';
import type { z } from 'zod';
import { analysisAnswerSchema } from '../agents/analyst/src/llm/answer.ts';
import { intentAnswerSchema, mendAnswerSchema } from '../agents/engineer/src/llm/answers.ts';
import { scoreSchema } from '../agents/judge/src/llm/score.ts';
import {
  citationsAnswerSchema,
  designAnswerSchema,
  noveltyAnswerSchema,
  repairAnswerSchema,
  summaryAnswerSchema,
} from '../agents/researcher/src/llm/answers.ts';
import { probeShape } from '../shared/llm/src/probe/probe-shape.ts';
import { askFor } from '../shared/llm/src/shape/response-format.ts';

/** The keywords of a JSON Schema, types told apart. */
function constructsIn(node: unknown, found = new Set<string>()): Set<string> {
  if (typeof node !== 'object' || node === null) return found;
  for (const [keyword, value] of Object.entries(node)) {
    if (!Array.isArray(node)) found.add(keyword === 'type' ? `type ${value}` : keyword);
    const inside = keyword === 'properties' ? Object.values(value as object) : [value];
    for (const one of inside) constructsIn(one, found);
  }
  return found;
}
const sentFor = (schema: z.ZodType) => constructsIn(askFor('shape', schema, 'json-schema').schema);

test.each(
  Object.entries({
    analysis: analysisAnswerSchema,
    score: scoreSchema,
    mend: mendAnswerSchema,
    intent: intentAnswerSchema,
    design: designAnswerSchema,
    repair: repairAnswerSchema,
    novelty: noveltyAnswerSchema,
    citations: citationsAnswerSchema,
    summary: summaryAnswerSchema,
  }),
)(
  'the doctor tries every construct of the shape "%s": else an endpoint that refuses one passes, and then fails every question',
  (_, schema) => {
    const tried = sentFor(probeShape);
    expect([...sentFor(schema)].filter((construct) => !tried.has(construct))).toEqual([]);
  },
);
