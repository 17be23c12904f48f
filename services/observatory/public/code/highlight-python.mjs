import { h } from '../dom/element.mjs';

const keywords =
  'and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield match case';
const constants = 'True False None self';

const tokenPattern = new RegExp(
  [
    '(?<text>[rRbBfFuU]{0,2}(?:"""[\\s\\S]*?(?:"""|$)|\'\'\'[\\s\\S]*?(?:\'\'\'|$)|"(?:\\\\.|[^"\\\\\\n])*"?|\'(?:\\\\.|[^\'\\\\\\n])*\'?))',
    '(?<comment>#[^\\n]*)',
    '(?<decorator>@[\\w.]+)',
    '(?<number>\\b\\d[\\d_]*(?:\\.\\d+)?(?:[eE][+-]?\\d+)?\\b)',
    `(?<keyword>\\b(?:${keywords.split(' ').join('|')})\\b)`,
    `(?<constant>\\b(?:${constants.split(' ').join('|')})\\b)`,
    '(?<call>\\b[A-Za-z_]\\w*(?=\\())',
  ].join('|'),
  'g',
);

/**
 * Python source as one array of nodes per line. Only a reading aid: what it does not know stays plain text.
 * @param {string} source
 * @returns {Array<Array<Node | string>>}
 */
export function highlightPython(source) {
  /** @type {Array<Array<Node | string>>} */
  const lines = [[]];
  const put = (/** @type {string} */ text, /** @type {string | null} */ kind) => {
    for (const [index, part] of text.split('\n').entries()) {
      if (index > 0) lines.push([]);
      if (part) lines.at(-1)?.push(kind === null ? part : h('span', { class: `code-${kind}` }, part));
    }
  };
  let end = 0;
  for (const match of source.matchAll(tokenPattern)) {
    put(source.slice(end, match.index), null);
    const kind = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined)?.[0] ?? null;
    put(match[0], kind);
    end = match.index + match[0].length;
  }
  put(source.slice(end), null);
  return lines;
}
