import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { hashText, messageOf, terminal } from '@asi/contracts';

/** A prompt file: what it says with its gaps filled in, and which version of it said so. */
export type Prompt = {
  /** SHA-256 of the file. */
  readonly version: string;
  /** Every gap needs its value and every value its gap. @throws terminal `prompt-values` */
  readonly render: (values: Readonly<Record<string, string>>) => string;
};

const extension = '.md';
const gap = /\{\{([a-z][A-Za-z0-9]*)\}\}/g;

/**
 * Reads the prompts of a role: one Markdown file for each of its nodes, `<node>.md`, with gaps such as `{{parentCode}}`.
 *
 * P1: a value is inserted as it is; braces in it are not gaps.
 * P2: nothing but the file and the values is in the text.
 *
 * @throws terminal `prompt-invalid` when a node has no file, a file no node, or braces that are no gap
 */
export function loadPrompts<const Node extends string>(
  folder: URL,
  nodes: readonly Node[],
): Readonly<Record<Node, Prompt>> {
  const path = fileURLToPath(folder);
  const files = namesIn(path);
  const stray = files.find((file) => !nodes.some((node) => file === `${node}${extension}`));
  if (stray)
    throw terminal('prompt-invalid', `${path}${stray}: no node of the role has this name; it has ${nodes.join(', ')}`);
  return Object.fromEntries(nodes.map((node) => [node, readPrompt(`${path}${node}${extension}`)])) as Record<
    Node,
    Prompt
  >;
}

function namesIn(path: string): string[] {
  try {
    return readdirSync(path).filter((name) => name.endsWith(extension));
  } catch (error) {
    throw terminal('prompt-invalid', `${path}: the folder of the prompts cannot be read (${messageOf(error)})`);
  }
}

function readPrompt(file: string): Prompt {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw terminal('prompt-invalid', `${file}: the prompt cannot be read (${messageOf(error)})`);
  }
  const broken = /\{\{[^\n]*|\}\}/.exec(text.replace(gap, ''));
  if (broken) throw terminal('prompt-invalid', `${file}: "${broken[0].slice(0, 40)}" is no gap; a gap is {{likeThis}}`);
  const gaps = new Set([...text.matchAll(gap)].map((match) => match[1] ?? ''));
  return {
    version: hashText(text),
    render: (values) => {
      const missing = [...gaps].filter((name) => !Object.hasOwn(values, name));
      const unknown = Object.keys(values).filter((name) => !gaps.has(name));
      if (missing.length > 0) throw terminal('prompt-values', `${file}: no value for ${missing.join(', ')}`);
      if (unknown.length > 0) throw terminal('prompt-values', `${file}: no gap for ${unknown.join(', ')}`);
      // A function, because a text in its place would have its dollar signs read.
      return text.replace(gap, (_, name: string) => values[name] ?? '');
    },
  };
}
