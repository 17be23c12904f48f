import { partsOfName } from '../view/fit-name.ts';

/** Markup that is safe to put into a page. */
export type Html = { readonly markup: string };

type Part = Html | string | number | null | readonly Html[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const escaped = (text: string): string => text.replace(/[&<>"']/g, (letter) => entities[letter] ?? letter);

/** A template whose values are escaped unless they are markup already: names and texts come from untrusted minds. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { markup: strings.map((text, index) => text + markupOf(parts[index] ?? null)).join('') };
}

function markupOf(part: Part): string {
  if (part === null) return '';
  if (typeof part === 'string') return escaped(part);
  if (typeof part === 'number') return String(part);
  return 'markup' in part ? part.markup : part.map((one) => one.markup).join('');
}

/** A name of any length in the width of a table's cell; the whole one is told under the pointer and on paper. */
export function folded(name: string): Html {
  const { stem, end } = partsOfName(name);
  return html`<span class="name" title="${name}"><span class="folded">${stem}</span>${end}</span>`;
}

/** A table; the cells of columns whose title starts with `#` are numbers and stand right; `kinds` are classes of its rows. */
export function table(
  titles: readonly string[],
  rows: ReadonlyArray<ReadonlyArray<Html | string>>,
  kinds: readonly string[] = [],
): Html {
  const right = titles.map((title) => title.startsWith('#'));
  const cell = (value: Html | string, index: number) =>
    right[index] ? html`<td class="number">${value}</td>` : html`<td>${value}</td>`;
  return html`<div class="scroll"><table><thead><tr>${titles.map((title, index) =>
    right[index] ? html`<th class="number">${title.slice(1)}</th>` : html`<th>${title}</th>`,
  )}</tr></thead><tbody>${rows.map((row, index) => html`<tr class="${kinds[index] ?? ''}">${row.map(cell)}</tr>`)}</tbody></table></div>`;
}
