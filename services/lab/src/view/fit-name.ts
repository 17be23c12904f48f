import { fit } from './text-width.ts';

/** The end by which designs of the same parts are told apart: four digits of the genome's hash, or a number. */
const distinction = /-(?:[0-9a-f]{4}|\d{1,5})$/;
const leastStem = 4;

/** A name as what may be cut and what must stay. The page has the same in `parts/cut-name.mjs`, which nothing is built for. */
export function partsOfName(name: string): { readonly stem: string; readonly end: string } {
  const at = name.search(distinction);
  return at < 1 ? { stem: name, end: '' } : { stem: name.slice(0, at), end: name.slice(at) };
}

/** A name cut to a width before its end, which alone tells it from others of the same parts. */
export function fitName(name: string, width: number): string {
  const { stem, end } = partsOfName(name);
  if (name.length <= width || end === '' || width < leastStem + end.length) return fit(name, width);
  return `${fit(stem, width - end.length)}${end}`;
}
