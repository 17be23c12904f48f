import type { Locator } from 'playwright-core';

/** As the dashboard rounds; NaN for what is not known. */
export const round = (value: number | null | undefined, digits = 3) => Number((value ?? Number.NaN).toFixed(digits));

/** The durations in a text, in seconds. */
export const secondsIn = (text: string): number[] =>
  [...text.matchAll(/(?:(\d+) min )?(\d+) s\b/g)].map(
    ([, minutes = '0', seconds]) => 60 * Number(minutes) + Number(seconds),
  );

/** All text of an element, also what is scrolled or folded away. */
export const textOf = async (locator: Locator): Promise<string> => (await locator.textContent()) ?? '';
