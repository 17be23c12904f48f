import { expect, test } from 'vitest';
import { pageModule } from './page-module.ts';

type Pair = readonly [number, number];
type LinearScale = (domain: Pair, range: Pair, count?: number, whole?: boolean) => { readonly ticks: number[] };
const { linearScale } = await pageModule<{ linearScale: LinearScale }>('charts/scale.mjs');

test('what is counted has whole ticks, however few there are of it; what is measured may have halves', () => {
  for (const last of [1, 2, 3, 4, 12, 1200]) {
    const { ticks } = linearScale([1, last], [0, 400], 5, true);
    expect(ticks.length).toBeGreaterThan(0);
    for (const tick of ticks) expect(Number.isInteger(tick)).toBe(true);
  }
  expect(linearScale([1, 3], [0, 400]).ticks).toContain(1.5);
});
