const rootClass = /^class (Mixer|DeltaNet)\b.*$/m;

/**
 * How a program is constructed and called, as one text without white space: the class that the trainer takes, and the
 * parameters of its `__init__` and `forward`. What is not written out, or cannot be found, is left out.
 */
export function programInterface(source: string): string {
  const found = rootClass.exec(source);
  if (!found) return '';
  const rest = source.slice(found.index + found[0].length);
  // The class ends where a line begins at the margin; a comment there does not end it.
  const end = /^[^\s#)]/m.exec(rest)?.index ?? rest.length;
  // A comment may hold a parenthesis that is never closed.
  const body = rest.slice(0, end).replace(/#.*$/gm, '');
  return [found[1], parametersOf('__init__', body), parametersOf('forward', body)].join(' ');
}

function parametersOf(method: string, body: string): string {
  const start = new RegExp(`\\bdef ${method}\\s*\\(`).exec(body);
  if (!start) return '';
  const from = start.index + start[0].length;
  let depth = 1;
  let at = from;
  for (; at < body.length && depth > 0; at++) {
    const letter = body[at] ?? '';
    if ('([{'.includes(letter)) depth++;
    else if (')]}'.includes(letter)) depth--;
  }
  const parameters = body.slice(from, at - 1);
  return `${method}(${parameters.replace(/\s/g, '').replace(/,$/, '')})`;
}
