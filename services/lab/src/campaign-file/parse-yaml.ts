import {
  type Document,
  isMap,
  isNode,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';

export type Path = ReadonlyArray<PropertyKey>;

/** What a YAML text says, and on which line. */
export type ParsedYaml =
  | {
      readonly good: true;
      readonly value: unknown;
      /** Line of the value at this path, or of its key; of what is missing, that of its parent. */
      readonly lineOf: (path: Path, key?: string) => number;
    }
  | { readonly good: false; readonly line: number; readonly why: string };

const oneDocument = 'a second document begins here; a campaign file holds one (remove the line ---)';

/** Parses one document of plain values. Whatever else YAML can hold is refused in words of our own. */
export function parseYaml(text: string): ParsedYaml {
  const lines = new LineCounter();
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const bad = (offset: number, why: string): ParsedYaml => ({ good: false, line: lineAt(offset), why });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: YAML forbids them (YAML 1.2.2, section 5.1)
  const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.exec(text);
  if (control) {
    const line = text.slice(0, control.index).split('\n').length;
    return { good: false, line, why: 'a control character, so this is no text; is it the right file?' };
  }
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const [broken] = document.errors;
  if (broken && isUnclosed(broken)) return bad(lastCharacterBefore(text, broken.pos[0]), unclosedWords(broken));
  if (broken) return bad(broken.pos[0], inOurWords(broken, text));
  const [doubtful] = document.warnings;
  if (doubtful) return bad(doubtful.pos[0], inOurWords(doubtful, text));
  const alias = brokenAlias(document);
  if (alias) return bad(alias.offset, alias.why);
  const root = document.contents;
  return {
    good: true,
    value: document.toJS({ maxAliasCount: -1 }) ?? {},
    lineOf: (path, key) => lineAt(offsetOf(root, path, key)),
  };
}

// The parser notices an open bracket only at the first token that cannot belong to it, often lines below.
const isUnclosed = ({ message }: YAMLError): boolean => /^Flow (sequence|map) .*end with a/.test(message);
const unclosedWords = ({ message }: YAMLError): string =>
  message.startsWith('Flow map') ? 'a mapping { … } is not closed; add }' : 'a list [ … ] is not closed; add ]';
const lastCharacterBefore = (text: string, offset: number): number =>
  Math.max(0, text.slice(0, offset).trimEnd().length - 1);

function inOurWords({ code, message, pos }: YAMLError, text: string): string {
  const word = /^[^\s:,}\]]+/.exec(text.slice(pos[0]))?.[0] ?? '';
  switch (code) {
    case 'MULTIPLE_DOCS':
      return oneDocument;
    case 'DUPLICATE_KEY':
      return `${word || 'a key'} is there twice; remove one of them`;
    case 'TAB_AS_INDENT':
      return 'indented with a tab; use spaces';
    case 'BLOCK_AS_IMPLICIT_KEY':
      return 'this line and the one below do not fit together: a key is indented deeper than the keys beside it, or a value holds a colon (quote it)';
    case 'BAD_INDENT':
      return 'indented otherwise than the lines that it belongs to';
    case 'MULTILINE_IMPLICIT_KEY':
      return 'a key without its colon: write KEY: VALUE';
    case 'TAG_RESOLVE_FAILED':
      return `${word.startsWith('!') ? word : 'this tag'} is not understood; write the value without a tag`;
    case 'RESOURCE_EXHAUSTION':
      return 'nested too deeply for a campaign file';
    default:
      return message.includes('call stack')
        ? 'nested too deeply for a campaign file'
        : `not valid YAML: ${message.replace(/\s+/g, ' ')}`;
  }
}

// A value written once and meant in two or three places is fine; aliases of aliases multiply (the "billion laughs").
const largestNodes = 10_000;

/** The first alias that names nothing, names what it stands in, or unfolds to more than a campaign file can hold. */
function brokenAlias(document: Document): { readonly offset: number; readonly why: string } | null {
  const sizes = new Map<Node, number>();
  let found: { offset: number; why: string } | null = null;
  let total = 0;
  const sizeOf = (node: unknown, within: readonly unknown[]): number => {
    if (!isNode(node) || within.includes(node)) return within.includes(node) ? Number.POSITIVE_INFINITY : 1;
    const known = sizes.get(node);
    if (known !== undefined) return known;
    let size = 1;
    visit(node, {
      Alias: (_key, alias) => {
        size += sizeOf(alias.resolve(document), [...within, node]);
        return size > largestNodes ? visit.BREAK : undefined;
      },
      Node: () => {
        size++;
      },
    });
    sizes.set(node, size);
    return size;
  };
  visit(document, {
    Alias: (_key, alias, ancestors) => {
      const offset = alias.range?.[0] ?? 0;
      const target = alias.resolve(document);
      if (!target) found = { offset, why: `*${alias.source} refers to nothing; there is no &${alias.source} above it` };
      else if (ancestors.includes(target))
        found = { offset, why: `*${alias.source} stands inside of what it refers to` };
      else {
        total += sizeOf(target, []);
        if (total > largestNodes)
          found = {
            offset,
            why: `*${alias.source} unfolds to more than a campaign file can hold; write the value out`,
          };
      }
      return found ? visit.BREAK : undefined;
    },
  });
  return found;
}

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
