import { campaignSettingsSchema } from '@asi/contracts';
import { z } from 'zod';

export type SettingDescription = {
  readonly key: string;
  readonly allowed: string;
  /** As YAML on one line; null where there is none. */
  readonly defaultValue: string | null;
  readonly required: boolean;
  readonly meaning: string;
};

type Schema = {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly exclusiveMaximum?: number;
  readonly minItems?: number;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Record<string, Schema>;
  readonly additionalProperties?: Schema | boolean;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly pattern?: string;
};

/** Every key that a campaign file can hold, in the order of the schema. */
export function describeSettings(): SettingDescription[] {
  return collect(
    z.toJSONSchema(campaignSettingsSchema, { io: 'input' }) as Schema,
    '',
    campaignSettingsSchema.parse({}),
  );
}

function collect(schema: Schema, prefix: string, defaults: unknown): SettingDescription[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, inner]): SettingDescription[] => {
    const key = prefix ? `${prefix}.${name}` : name;
    const value = (defaults as Record<string, unknown> | undefined)?.[name];
    // What is empty unless somebody fills it is one row: its keys are those of something above it.
    if (inner.properties && !isEmptyObject(value)) return collect(inner, key, value);
    const own: SettingDescription = {
      key,
      allowed: allowedBy(inner),
      defaultValue: value === undefined ? null : JSON.stringify(value),
      required: isRequired(schema, name),
      meaning: inner.description ?? '',
    };
    const mapping = inner.anyOf?.find(({ properties }) => properties);
    if (mapping) return [own, ...entriesOf(mapping, key)];
    return inner.items?.properties ? [own, ...entriesOf(inner.items, `${key}[]`)] : [own];
  });
}

/** The keys of what is not there by default: of an entry of a list, or of a mapping that may be null. */
const entriesOf = (schema: Schema, prefix: string): SettingDescription[] =>
  Object.entries(schema.properties ?? {}).map(([field, each]) => ({
    key: `${prefix}.${field}`,
    allowed: allowedBy(each),
    defaultValue: each.default === undefined ? null : JSON.stringify(each.default),
    required: isRequired(schema, field),
    meaning: each.description ?? '',
  }));

const isRequired = (schema: Schema, name: string): boolean => schema.required?.includes(name) ?? false;

const isEmptyObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;

/** Without the limits that zod gives to every whole number. */
function limitsOf({ exclusiveMinimum, minimum, exclusiveMaximum, maximum }: Schema): string[] {
  const asked = (limit: number | undefined): limit is number =>
    limit !== undefined && Number.isFinite(limit) && Math.abs(limit) < Number.MAX_SAFE_INTEGER;
  return [
    ...(asked(exclusiveMinimum) ? [`> ${exclusiveMinimum}`] : asked(minimum) ? [`>= ${minimum}`] : []),
    ...(asked(exclusiveMaximum) ? [`< ${exclusiveMaximum}`] : asked(maximum) ? [`<= ${maximum}`] : []),
  ];
}

function allowedBy(schema: Schema): string {
  if (schema.enum) return schema.enum.map((one) => `\`${String(one)}\``).join(', ');
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.anyOf) return schema.anyOf.map(allowedBy).join(' or ');
  if (schema.type === 'array') {
    const least = schema.minItems ? `at least ${schema.minItems}: ` : '';
    return `list, ${least}${schema.items?.properties ? 'entries as below' : allowedBy(schema.items ?? {})}`;
  }
  const number = { integer: 'whole number', number: 'number' }[schema.type ?? ''];
  if (number) return [number, limitsOf(schema).join(' and ')].join(' ').trim();
  if (schema.type === 'null') return '`null`';
  if (schema.type === 'boolean') return '`true`, `false`';
  if (schema.properties) return `mapping with the keys ${keysOf(schema.properties)}`;
  if (typeof schema.additionalProperties === 'object')
    return `mapping of names to: ${allowedBy(schema.additionalProperties)}`;
  return schema.pattern ? `text like \`${schema.pattern}\`` : 'text';
}

const keysOf = (properties: Record<string, Schema>): string =>
  Object.keys(properties)
    .map((one) => `\`${one}\``)
    .join(', ');
