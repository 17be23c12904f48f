/** An artifact as a record or message names it: its hash, and the field that holds it. */
export type NamedArtifact = { readonly hash: string; readonly as: string };

const hashPattern = /^[0-9a-f]{64}$/;
const namesArtifact = (key: string): boolean => key === 'hash' || key.endsWith('Hash');

/** Every artifact that plain data names by hash, for example as `design.programHash`; of lists without the place: `references[].genomeHash`. */
export function* namedArtifacts(value: unknown, path = ''): Generator<NamedArtifact> {
  if (Array.isArray(value)) {
    for (const inner of value) yield* namedArtifacts(inner, `${path}[]`);
    return;
  }
  if (value === null || typeof value !== 'object') return;
  for (const [key, inner] of Object.entries(value)) {
    const as = path === '' ? key : `${path}.${key}`;
    if (typeof inner !== 'string') yield* namedArtifacts(inner, as);
    else if (namesArtifact(key) && hashPattern.test(inner)) yield { hash: inner, as };
  }
}
