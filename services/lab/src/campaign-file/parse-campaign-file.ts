import { type CampaignSettings, campaignSettingsSchema, terminal } from '@asi/contracts';
import type { z } from 'zod';
import { checkBaselines, unknownBaselines } from './check-baselines.ts';
import { checkBudget } from './check-budget.ts';
import { checkEmbedding } from './check-embedding.ts';
import { checkGates } from './check-gates.ts';
import { checkModels } from './check-models.ts';
import { closest } from './closest.ts';
import { describeSettings } from './describe-settings.ts';
import { type Path, parseYaml } from './parse-yaml.ts';
import type { SettingProblem } from './setting-problem.ts';

/**
 * Reads a campaign file: YAML with the keys of docs/campaign-file.md.
 * @param name how errors call the file
 * @throws terminal `campaign-file` with one line for each problem: file, line, key, and what is allowed
 */
export function parseCampaignFile(text: string, name: string): CampaignSettings {
  const yaml = parseYaml(text);
  if (!yaml.good) throw terminal('campaign-file', `${name}:${yaml.line}: ${yaml.why}`);
  const { value, lineOf } = yaml;
  const parsed = campaignSettingsSchema.safeParse(value);
  const told = ({ path, text: what }: SettingProblem): Problem => ({
    line: lineOf(path),
    text: `${dotted(path)}: ${what}`,
  });
  const issues = parsed.error?.issues ?? [];
  const sound = parsed.success ? parsed.data : soundPart(value, issues);
  const unknown = issues.some(({ path }) => path[0] === 'baselines') ? unknownBaselines(value) : [];
  const problems = [
    ...(sound
      ? [
          ...checkBudget(sound),
          ...checkBaselines(sound),
          ...checkGates(sound),
          ...checkEmbedding(sound),
          ...checkModels(sound),
        ]
      : []
    ).map(told),
    ...unknown.map(told),
    // With a misspelt name among them, whether delta-net is missing cannot be said.
    ...issues
      .filter(({ code, path }) => unknown.length === 0 || code !== 'custom' || path[0] !== 'baselines')
      .flatMap((issue) => describe(issue, lineOf)),
  ];
  if (parsed.success && problems.length === 0) return parsed.data;
  const lines = problems.sort((a, b) => a.line - b.line).map(({ line, text: what }) => `${name}:${line}: ${what}`);
  throw terminal('campaign-file', lines.join('\n'));
}

/** The settings without the keys that do not fit the schema, so that what else is wrong is told with them. */
function soundPart(value: unknown, issues: readonly z.core.$ZodIssue[]): CampaignSettings | null {
  const faulty = new Set(
    issues.flatMap(({ path, ...issue }) =>
      issue.code === 'unrecognized_keys' && path.length === 0 ? issue.keys : [String(path[0])],
    ),
  );
  const rest = Object.entries(value ?? {}).filter(([key]) => !faulty.has(key));
  return campaignSettingsSchema.safeParse(Object.fromEntries(rest)).data ?? null;
}

type Problem = { readonly line: number; readonly text: string };

function describe(issue: z.core.$ZodIssue, lineOf: (path: Path, key?: string) => number): Problem[] {
  const key = dotted(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const allowed = keysAt(issue.path);
    return issue.keys.map((unknown) => {
      const close = elsewhere(unknown) ?? closest(unknown, allowed);
      const hint = close ? `did you mean ${close}?` : `allowed here: ${allowed.join(', ')}`;
      return {
        line: lineOf(issue.path, unknown),
        text: `${dotted([...issue.path, unknown])}: there is no such key; ${hint}`,
      };
    });
  }
  return [{ line: lineOf(issue.path), text: `${key || 'the file'}: ${expectation(issue)}` }];
}

/** The one key of this name at another level, with its path. */
function elsewhere(name: string): string | null {
  const [found, ...more] = describeSettings().filter(({ key }) => key.endsWith(`.${name}`) && !key.includes('['));
  return found && more.length === 0 ? found.key : null;
}

/** What would have been right, in words. */
function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${issue.expected === 'int' ? 'a whole number' : withArticle(issue.expected)}`;
    case 'invalid_value':
      return `expected ${issue.values
        .map(String)
        .join(', ')
        .replace(/, ([^,]*)$/, ' or $1')}`;
    case 'too_small':
      return `expected ${countOf(issue.origin, 'at least', issue.minimum) ?? `${numberAt(issue.path)} ${issue.inclusive ? '>=' : '>'} ${issue.minimum}`}`;
    case 'too_big':
      return `expected ${countOf(issue.origin, 'at most', issue.maximum) ?? `${numberAt(issue.path)} ${issue.inclusive ? '<=' : '<'} ${issue.maximum}`}`;
    case 'invalid_union':
      return `expected ${[...new Set(issue.errors.flat().map((one) => expectation(one).replace(/^expected /, '')))].join(' or ')}`;
    default:
      return issue.message;
  }
}

/** How much there must be of what is counted and not measured; null: it is measured. */
function countOf(origin: string, bound: string, count: number | bigint): string | null {
  const one = Number(count) === 1;
  if (origin === 'array') return `${bound} ${count} ${one ? 'entry' : 'entries'}`;
  return origin === 'string' ? `a text of ${bound} ${count} ${one ? 'character' : 'characters'}` : null;
}

const withArticle = (type: string): string => {
  const name = { object: 'mapping of keys', array: 'list', string: 'text', boolean: 'true or false' }[type] ?? type;
  return ['text', 'true or false'].includes(name) ? name : `a ${name}`;
};

const dotted = (path: Path): string =>
  path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text ? `${text}.${String(part)}` : String(part)),
    '',
  );

/** The keys that the settings have at this path, of a mapping by name those names that it knows. */
function keysAt(path: Path): string[] {
  const { shape, keyType } = schemaAt(path);
  return shape ? Object.keys(shape) : (keyType?.options ?? []).map(String);
}

const numberAt = (path: Path): string => (schemaAt(path).isInt ? 'a whole number' : 'a number');

/** What is looked at of a schema. */
type Schema = {
  readonly unwrap?: () => Schema;
  readonly isInt?: boolean;
  /** Of a list. */
  readonly element?: Schema;
  /** Of a mapping with keys of its own. */
  readonly shape?: Readonly<Record<string, Schema>>;
  /** Of a mapping by name. */
  readonly keyType?: { readonly options?: readonly unknown[] };
  readonly valueType?: Schema;
};

/** The schema of the settings at this path, without what wraps it. */
function schemaAt(path: Path): Schema {
  const unwrapped = (schema: Schema | undefined): Schema => {
    let inner = schema ?? {};
    while (!inner.shape && !inner.element && inner.unwrap) inner = inner.unwrap();
    return inner;
  };
  return path.reduce<Schema>(
    (schema, part) => {
      const { element, shape, valueType } = schema;
      return unwrapped(typeof part === 'number' ? element : (shape?.[String(part)] ?? valueType));
    },
    unwrapped(campaignSettingsSchema as unknown as Schema),
  );
}
