type Leaf = number | string | boolean | null;

/** One field of a stored document, beside what the journal announced. Null: that side has none. */
export type ComparedField = {
  readonly name: string;
  readonly stored: Leaf;
  readonly announced: Leaf;
  readonly equal: boolean;
};

/** Every number, text and truth value of either side, by its path under `name`. A field that only one side has is a difference. */
export function compareFields(name: string, stored: unknown, announced: unknown): ComparedField[] {
  const [held, said] = [leavesOf(name, stored), leavesOf(name, announced)];
  return [...new Set([...held.keys(), ...said.keys()])].map((path) => {
    const [one, other] = [held.get(path) ?? null, said.get(path) ?? null];
    // A zero loses its sign in JSON, as which the journal keeps it.
    return { name: path, stored: one, announced: other, equal: one === other || Object.is(one, other) };
  });
}

function leavesOf(name: string, value: unknown): Map<string, Leaf> {
  if (value === null || value === undefined) return new Map();
  if (typeof value !== 'object') return new Map([[name, value as Leaf]]);
  return new Map(Object.entries(value).flatMap(([key, inner]) => [...leavesOf(`${name}.${key}`, inner)]));
}
