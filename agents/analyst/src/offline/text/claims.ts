import type { ComponentEffect } from '@asi/contracts';

/** An effect may be spoken of only when its 95 % interval lies on one side of zero. */
export const isClear = ({ low, high }: Pick<ComponentEffect, 'low' | 'high'>): boolean => low > 0 || high < 0;

/** Distance of the interval from zero: what may be claimed at least. */
const certain = ({ low, high }: ComponentEffect): number => Math.max(low, -high);

/** The effects that may be spoken of, the surest first. */
export const clearEffects = (effects: readonly ComponentEffect[]): ComponentEffect[] =>
  effects.filter(isClear).sort((a, b) => certain(b) - certain(a) || (a.component < b.component ? -1 : 1));

const signed = (value: number): string => `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(3)}`;

/** The one form in which a text states an effect; {@link unfoundedClaims} reads it back. */
export const claimText = ({ component, effect, low, high, experiments }: ComponentEffect): string =>
  `${component} ${signed(effect)} [${signed(low)}, ${signed(high)}] (${experiments} ${experiments === 1 ? 'design' : 'designs'})`;

const claimPattern = /(\S+=\S+) [+-]\d+\.\d+ \[[+-]\d+\.\d+, [+-]\d+\.\d+\] \(\d+ designs?\)/g;

/** Claims of a text that the effects do not carry: of an unknown component, with other numbers, or inside the noise. */
export function unfoundedClaims(text: string, effects: readonly ComponentEffect[]): string[] {
  const founded = new Set(effects.filter(isClear).map(claimText));
  return [...text.matchAll(claimPattern)].map(([claim]) => claim).filter((claim) => !founded.has(claim));
}
