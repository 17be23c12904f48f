import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { hashText, messageOf, terminal } from '@asi/contracts';
import { messagesOf } from './messages-of.ts';
import type { PromptForm } from './prompt-forms.ts';

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
 * P3: a file that would fail when its question is asked, after trainings were paid, fails here: it has all gaps that its
 *     node fills, no other, and the parts that the node parts it by, with each gap in the part where it belongs.
 *
 * @throws terminal naming the file: `prompt-invalid` when a node has no file, a file no node, parts are missing, a gap stands in
 * the wrong one, or braces are no gap; `prompt-values` when the gaps are others
 */
export function loadPrompts<const Node extends string>(
  folder: URL,
  forms: Readonly<Record<Node, PromptForm>>,
): Readonly<Record<Node, Prompt>> {
  const path = fileURLToPath(folder);
  const files = namesIn(path);
  const nodes = Object.keys(forms) as Node[];
  const stray = files.find((file) => !nodes.some((node) => file === `${node}${extension}`));
  if (stray)
    throw terminal('prompt-invalid', `${path}${stray}: no node of the role has this name; it has ${nodes.join(', ')}`);
  return Object.fromEntries(
    nodes.map((node) => [node, readPrompt(`${path}${node}${extension}`, forms[node])]),
  ) as Record<Node, Prompt>;
}

function namesIn(path: string): string[] {
  try {
    return readdirSync(path).filter((name) => name.endsWith(extension));
  } catch (error) {
    throw terminal('prompt-invalid', `${path}: the folder of the prompts cannot be read (${messageOf(error)})`);
  }
}

function readPrompt(file: string, form: PromptForm): Prompt {
  const text = textOf(file);
  const broken = /\{\{[^\n]*|\}\}/.exec(text.replace(gap, ''));
  if (broken) throw terminal('prompt-invalid', `${file}: "${broken[0].slice(0, 40)}" is no gap; a gap is {{likeThis}}`);
  const gaps = gapsIn(text);
  refuseOtherForm(file, text, gaps, form);
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

/** As it is under every system: some editors end lines otherwise, or begin with a byte order mark. */
function textOf(file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file)).replaceAll('\r\n', '\n');
  } catch (error) {
    const why = error instanceof TypeError ? 'it is not UTF-8' : messageOf(error);
    throw terminal('prompt-invalid', `${file}: the prompt cannot be read (${why})`);
  }
}

function refuseOtherForm(file: string, text: string, gaps: ReadonlySet<string>, form: PromptForm): void {
  const inBraces = (names: readonly string[]) => names.map((name) => `{{${name}}}`).join(', ');
  const missing = form.gaps.filter((name) => !gaps.has(name));
  const unknown = [...gaps].filter((name) => !form.gaps.includes(name));
  if (missing.length > 0)
    throw terminal(
      'prompt-values',
      `${file}: it has no gap ${inBraces(missing)}, for what its question cannot do without`,
    );
  if (unknown.length > 0)
    throw terminal('prompt-values', `${file}: nothing fills ${inBraces(unknown)}; its gaps are ${inBraces(form.gaps)}`);
  if (form.parts === null) return;
  const inSystem = gapsIn(systemPartOf(file, text));
  const above = form.parts.user.filter((name) => inSystem.has(name));
  const below = form.parts.system.filter((name) => !inSystem.has(name));
  if (above.length > 0)
    throw terminal(
      'prompt-invalid',
      `${file}: ${inBraces(above)} belongs below "# user": what others wrote is not said by the laboratory`,
    );
  if (below.length > 0)
    throw terminal(
      'prompt-invalid',
      `${file}: ${inBraces(below)} belongs below "# system": it says how the material below "# user" is to be read`,
    );
}

function systemPartOf(file: string, text: string): string {
  try {
    return messagesOf(text)[0].content;
  } catch (error) {
    throw terminal('prompt-invalid', `${file}: ${messageOf(error)}`);
  }
}

const gapsIn = (text: string): ReadonlySet<string> => new Set([...text.matchAll(gap)].map((match) => match[1] ?? ''));
