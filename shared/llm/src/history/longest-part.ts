/** The longest beginning, or end, of a text that fits. What fits must be the more likely the shorter it is; the empty text always is taken. */
export function longestPart(text: string, keep: 'beginning' | 'end', fits: (part: string) => boolean): string {
  // By characters as people count them: half of one is none.
  const characters = [...text];
  const part = (length: number) =>
    (keep === 'beginning' ? characters.slice(0, length) : characters.slice(characters.length - length)).join('');
  let [fitting, tooLong] = [0, characters.length];
  while (tooLong - fitting > 1) {
    const middle = Math.floor((fitting + tooLong) / 2);
    if (fits(part(middle))) fitting = middle;
    else tooLong = middle;
  }
  return part(fitting);
}
