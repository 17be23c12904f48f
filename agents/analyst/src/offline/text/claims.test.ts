import type { ComponentEffect } from '@asi/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { claimText, clearEffects, isClear, unfoundedClaims } from './claims.ts';
import { effectsSentence } from './sentences.ts';

const effect = (component: string, low: number, high: number): ComponentEffect => ({
  component,
  effect: (low + high) / 2,
  low,
  high,
  experiments: 3,
});

const anyEffect = fc
  .tuple(
    fc.constantFrom('write=delta', 'write=delta-2', 'decay=none', 'router=softmax'),
    fc.double({ min: -0.3, max: 0.3, noNaN: true }),
    fc.double({ min: 0, max: 0.2, noNaN: true }),
  )
  .map(([component, middle, half]) => effect(component, middle - half, middle + half));

test('a text speaks only of effects whose interval excludes zero, whatever the effects are', () => {
  fc.assert(
    fc.property(fc.uniqueArray(anyEffect, { selector: (one) => one.component }), (effects) => {
      const text = effectsSentence(effects, 12);
      expect(unfoundedClaims(text, effects)).toEqual([]);
      for (const one of effects.filter((each) => !isClear(each))) expect(text).not.toContain(`${one.component} `);
    }),
  );
});

test('a claim inside its noise, with altered numbers, or of an unknown component is found', () => {
  const noisy = effect('write=delta', -0.01, 0.2);
  const clear = effect('decay=none', 0.02, 0.1);
  const text = `${claimText(noisy)}; ${claimText(clear)}; ${claimText({ ...clear, effect: 0.09 })}; ${claimText(effect('router=sum', 0.1, 0.2))}`;
  expect(unfoundedClaims(text, [noisy, clear])).toEqual([
    claimText(noisy),
    claimText({ ...clear, effect: 0.09 }),
    claimText(effect('router=sum', 0.1, 0.2)),
  ]);
});

test('the surest effects come first, not the largest', () => {
  const large = effect('write=delta', 0.01, 0.5);
  const sure = effect('decay=none', 0.08, 0.1);
  expect(clearEffects([large, sure])).toEqual([sure, large]);
});
