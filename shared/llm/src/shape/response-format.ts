import { type LanguageModel, terminal } from '@asi/contracts';
import { z } from 'zod';

export type JsonSchema = { [keyword: string]: unknown };

/** The field `response_format` of a request. */
export type ResponseFormat =
  | {
      readonly type: 'json_schema';
      readonly json_schema: { readonly name: string; readonly strict: boolean; readonly schema: JsonSchema };
    }
  | { readonly type: 'json_object' };

/** How an answer of a given shape is asked for. */
export type AskedShape = {
  readonly schema: JsonSchema;
  readonly responseFormat: ResponseFormat | null;
  /** What the last message says of the shape besides; empty when the endpoint enforces it. */
  readonly instruction: string;
};

// Keywords that the strict mode of OpenAI, or of others, refuses; zod checks them when the answer is read.
const refusedKeywords = new Set(['$schema', 'default', 'minLength', 'maxLength', 'maxItems', 'propertyNames']);

/**
 * Asks for a shape by the method that the endpoint can.
 * @throws terminal `shape-invalid` when the schema is not one of an object, which strict mode demands
 */
export function askFor(shape: string, schema: z.ZodType, method: LanguageModel['structuredOutput']): AskedShape {
  const { schema: json, strict } = jsonSchemaOf(schema);
  if (json.type !== 'object')
    throw terminal('shape-invalid', `${shape}: an answer must be an object, put the value into a field of one`);
  if (method === 'json-schema')
    return {
      schema: json,
      responseFormat: { type: 'json_schema', json_schema: { name: shape, strict, schema: json } },
      instruction: '',
    };
  return {
    schema: json,
    responseFormat: method === 'json-object' ? { type: 'json_object' } : null,
    instruction: `Answer with one JSON object and nothing else: no words before or after it. It must fit this JSON Schema:\n${JSON.stringify(json)}`,
  };
}

/** The JSON Schema of what a model must write, within what strict mode takes; not strict where keys are free. */
function jsonSchemaOf(schema: z.ZodType): { readonly schema: JsonSchema; readonly strict: boolean } {
  let strict = true;
  const adapt = (node: JsonSchema): JsonSchema => {
    const kept = Object.entries(node)
      .filter(([keyword, value]) => !refusedKeywords.has(keyword) && !isBoundOfSafeIntegers(value))
      .filter(([keyword, value]) => keyword !== 'pattern' || !String(value).includes('(?'));
    const adapted: JsonSchema = Object.fromEntries(
      kept.map(([keyword, value]) => [keyword === 'oneOf' ? 'anyOf' : keyword, inside(keyword, value)]),
    );
    if (adapted.type !== 'object') return withMost(adapted, node.maxItems);
    if (adapted.properties === undefined) {
      strict = false;
      return adapted;
    }
    // Strict mode demands every key: a default is for us, not for the model.
    return { ...adapted, required: Object.keys(adapted.properties as JsonSchema), additionalProperties: false };
  };
  const inside = (keyword: string, value: unknown): unknown => {
    if (keyword === 'properties' || keyword === '$defs')
      return Object.fromEntries(
        Object.entries(value as JsonSchema).map(([name, one]) => [name, adapt(one as JsonSchema)]),
      );
    if (['anyOf', 'oneOf', 'allOf', 'prefixItems'].includes(keyword)) return (value as JsonSchema[]).map(adapt);
    const isSchema = ['items', 'additionalProperties'].includes(keyword) && typeof value === 'object' && value !== null;
    return isSchema ? adapt(value as JsonSchema) : value;
  };
  return { schema: adapt(z.toJSONSchema(schema, { io: 'input' }) as JsonSchema), strict };
}

/** A longer list would have to be asked for again: the limit is said where it cannot be set. */
const withMost = (adapted: JsonSchema, most: unknown): JsonSchema =>
  typeof most === 'number'
    ? { ...adapted, description: [adapted.description, `at most ${most}`].filter(Boolean).join('; ') }
    : adapted;

const isBoundOfSafeIntegers = (value: unknown): boolean =>
  value === Number.MAX_SAFE_INTEGER || value === Number.MIN_SAFE_INTEGER;
