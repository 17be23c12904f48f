import type { ComponentEffect } from '@asi/contracts';

/** An effect that is well known. */
export const effect = (component: string, size: number): ComponentEffect => ({
  component,
  effect: size,
  low: size - 0.01,
  high: size + 0.01,
  experiments: 9,
});
