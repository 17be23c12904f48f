/** One score, as it was stored and as it was computed again. Equal means to the last bit. */
export type ComparedScore = {
  readonly name: string;
  readonly stored: number | string | null;
  readonly again: number | string | null;
  readonly equal: boolean;
};

export const comparedScore = (
  name: string,
  stored: ComparedScore['stored'],
  again: ComparedScore['again'],
): ComparedScore => ({ name, stored, again, equal: Object.is(stored, again) });
