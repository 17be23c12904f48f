import { campaignSettingsSchema } from '@asi/contracts';
import { z } from 'zod';

export type SettingDescription = {
  readonly key: string;
  readonly allowed: string;
  /** As YAML on one line; null where the key is required. */
  readonly defaultValue: string | null;
  readonly meaning: string;
};

type Schema = {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly minItems?: number;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Record<string, Schema>;
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
    if (inner.properties) return collect(inner, key, value);
    const own: SettingDescription = {
      key,
      allowed: allowedBy(inner),
      defaultValue: value === undefined ? null : JSON.stringify(value),
      meaning: inner.description ?? '',
    };
    if (!inner.items?.properties) return [own];
    const entries = Object.entries(inner.items.properties).map(([field, each]) => ({
      key: `${key}[].${field}`,
      allowed: allowedBy(each),
      defaultValue: each.default === undefined ? null : JSON.stringify(each.default),
      meaning: each.description ?? '',
    }));
    return [own, ...entries];
  });
}

function allowedBy(schema: Schema): string {
  if (schema.properties) return `mapping with the keys ${Object.keys(schema.properties).join(', ')}`;
  if (schema.enum) return schema.enum.map((one) => `\`${String(one)}\``).join(', ');
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.anyOf) return schema.anyOf.map(allowedBy).join(' or ');
  if (schema.type === 'array') {
    const least = schema.minItems ? `at least ${schema.minItems}: ` : '';
    return `list, ${least}${schema.items?.properties ? 'entries as below' : allowedBy(schema.items ?? {})}`;
  }
  const number = { integer: 'whole number', number: 'number' }[schema.type ?? ''];
  if (number) {
    if (schema.exclusiveMinimum !== undefined) return `${number} > ${schema.exclusiveMinimum}`;
    if (schema.minimum !== undefined && schema.minimum > Number.MIN_SAFE_INTEGER)
      return `${number} >= ${schema.minimum}`;
    return number;
  }
  if (schema.type === 'null') return '`null`';
  return schema.pattern ? `text like \`${schema.pattern}\`` : 'text';
}
