import { type CampaignSettings, campaignSettingsSchema, terminal } from '@asi/contracts';
import { isMap, isNode, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { z } from 'zod';

type Path = ReadonlyArray<PropertyKey>;

/**
 * Reads a campaign file: YAML with the keys of docs/campaign-file.md.
 * @param name how errors call the file
 * @throws terminal `campaign-file` with one line for each problem: file, line, key, and what is allowed
 */
export function parseCampaignFile(text: string, name: string): CampaignSettings {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [broken] = document.errors;
  if (broken) {
    const { line } = lines.linePos(broken.pos[0]);
    throw terminal('campaign-file', `${name}:${line}: not valid YAML: ${broken.message}`);
  }
  const parsed = campaignSettingsSchema.safeParse(document.toJS() ?? {});
  if (parsed.success) return parsed.data;
  const lineOf = (path: Path, key?: string) => lines.linePos(offsetOf(document.contents, path, key)).line;
  const problems = parsed.error.issues.flatMap((issue) => describe(issue, lineOf)).sort((a, b) => a.line - b.line);
  throw terminal('campaign-file', problems.map(({ line, text: what }) => `${name}:${line}: ${what}`).join('\n'));
}

type Problem = { readonly line: number; readonly text: string };

function describe(issue: z.core.$ZodIssue, lineOf: (path: Path, key?: string) => number): Problem[] {
  const key = dotted(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const allowed = keysAt(issue.path);
    return issue.keys.map((unknown) => {
      const close = closest(unknown, allowed);
      const hint = close ? `did you mean ${close}?` : `allowed here: ${allowed.join(', ')}`;
      return {
        line: lineOf(issue.path, unknown),
        text: `${dotted([...issue.path, unknown])}: there is no such key; ${hint}`,
      };
    });
  }
  return [{ line: lineOf(issue.path), text: `${key || 'the file'}: ${expectation(issue)}` }];
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
      return issue.origin === 'array'
        ? `expected at least ${issue.minimum} ${issue.minimum === 1 ? 'entry' : 'entries'}`
        : `expected a number ${issue.inclusive ? '>=' : '>'} ${issue.minimum}`;
    case 'invalid_union':
      return `expected ${[...new Set(issue.errors.flat().map((one) => expectation(one).replace(/^expected /, '')))].join(' or ')}`;
    default:
      return issue.message;
  }
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

/** Where the value at this path (or its key) stands; of what is missing, where its parent stands. */
function offsetOf(root: unknown, path: Path, key?: string): number {
  let node: unknown = root;
  let offset = startOf(node) ?? 0;
  for (const part of key === undefined ? path : [...path, key]) {
    if (isMap(node)) {
      const pair = node.items.find((item) => String(isNode(item.key) ? item.key.toJSON() : item.key) === String(part));
      offset = startOf(pair?.key) ?? offset;
      node = pair?.value;
    } else if (isSeq(node)) {
      node = node.items[Number(part)];
      offset = startOf(node) ?? offset;
    } else break;
  }
  return offset;
}

const startOf = (node: unknown): number | undefined => (isNode(node) ? (node as Node).range?.[0] : undefined);

/** The keys that the settings have at this path. */
function keysAt(path: Path): string[] {
  let schema: unknown = campaignSettingsSchema;
  const unwrap = (one: unknown): unknown => {
    let inner = one as { unwrap?: () => unknown; element?: unknown; shape?: unknown };
    while (!inner.shape && !inner.element && inner.unwrap) inner = inner.unwrap() as typeof inner;
    return inner;
  };
  for (const part of path) {
    const inner = unwrap(schema) as { shape?: Record<string, unknown>; element?: unknown };
    schema = typeof part === 'number' ? inner.element : inner.shape?.[String(part)];
  }
  return Object.keys((unwrap(schema) as { shape?: Record<string, unknown> }).shape ?? {});
}

/** The allowed key that differs from this one by at most a third of its letters. */
function closest(unknown: string, allowed: readonly string[]): string | null {
  const ranked = allowed.map((key) => ({ key, distance: editDistance(unknown.toLowerCase(), key.toLowerCase()) }));
  const [best] = ranked.sort((a, b) => a.distance - b.distance);
  return best && best.distance <= Math.max(2, best.key.length / 3) ? best.key : null;
}

/** Levenshtein's distance. */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substitution));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
