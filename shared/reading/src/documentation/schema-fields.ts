import { z } from 'zod';

export type Schema = {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly description?: string;
  readonly properties?: Record<string, Schema>;
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly additionalProperties?: Schema | boolean;
};

/** A schema as JSON Schema, in the form in which the JSON is written. */
export const jsonOf = (schema: z.ZodType): Schema =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema;

/** What documents an object elsewhere, as a link; null for what must be told where it stands. */
export type SectionOf = (schema: Schema) => string | null;

export type Field = readonly [path: string, type: string, meaning: string];

/** Fields below a schema; what has a section of its own is referred to and not told again. */
export function fieldsOf(schema: Schema, sectionOf: SectionOf, prefix = ''): Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, inner]): Field[] => {
    const path = prefix ? `${prefix}.${name}` : name;
    const own: Field = [path, typeOf(inner, sectionOf), meaningOf(inner)];
    const core = withoutNull(inner);
    const below = (one: Schema, at: string) =>
      sectionOf(one) === null ? variantsOf(one).flatMap((each) => fieldsOf(each, sectionOf, at)) : [];
    if (hasFields(core)) return [own, ...below(core, path)];
    const items = core.items && withoutNull(core.items);
    if (items && hasFields(items)) return [own, ...below(items, `${path}[]`)];
    const values = typeof core.additionalProperties === 'object' ? core.additionalProperties : null;
    return values && hasFields(values) ? [own, ...below(values, `${path}.*`)] : [own];
  });
}

const meaningOf = (schema: Schema): string => schema.description ?? withoutNull(schema).description ?? '';

/** The alternatives of an object that comes in several forms, else itself. */
const variantsOf = (schema: Schema): readonly Schema[] =>
  schema.properties ? [schema] : alternatives(schema).filter(({ properties }) => properties);

const hasFields = (schema: Schema): boolean => variantsOf(schema).length > 0;

const alternatives = (schema: Schema): readonly Schema[] => schema.anyOf ?? schema.oneOf ?? [];

/** The one alternative that is not null, where there is exactly one. */
function withoutNull(schema: Schema): Schema {
  const others = alternatives(schema).filter(({ type }) => type !== 'null');
  return others.length === 1 && others[0] ? others[0] : schema;
}

/** The type of a value in words. */
export function typeOf(schema: Schema, sectionOf: SectionOf): string {
  const inner = (one: Schema) => typeOf(one, sectionOf);
  const section = sectionOf(schema);
  if (section !== null) return section;
  const choices = alternatives(schema);
  if (choices.length > 0) return [...new Set(choices.map(inner))].join(' or ');
  if (schema.enum) return schema.enum.map((one) => `\`"${String(one)}"\``).join(', ');
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.prefixItems) return `[${schema.prefixItems.map(inner).join(', ')}]`;
  if (schema.type === 'array') return `list of ${schema.items ? inner(schema.items) : 'any JSON value'}`;
  if (schema.properties) return 'object';
  if (typeof schema.additionalProperties === 'object') return `object by name of ${inner(schema.additionalProperties)}`;
  const types = [schema.type ?? []].flat();
  return types.length === 0 ? 'any JSON value' : types.map((type) => typeNames[type] ?? type).join(' or ');
}

const typeNames: Readonly<Record<string, string>> = {
  integer: 'whole number',
  number: 'number',
  string: 'text',
  boolean: 'true or false',
  null: 'null',
  object: 'object',
};
