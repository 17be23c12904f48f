import { baselineComponents } from '@asi/contracts';
import { onScale, scale } from './rubric.ts';

export type Innovation = {
  readonly score: number;
  /** Share of its components that the parent does not have. */
  readonly fromParent: number;
  /** The same for the nearest baseline. */
  readonly fromBaselines: number;
  readonly nearestBaseline: string;
  /** Share of its components that neither the parent nor any baseline has. */
  readonly rare: number;
};

/** Shares at which a part of the score is full: as much as a design can change without being another kind of thing. */
const full = { fromParent: 0.4, fromBaselines: 0.6, rare: 0.5 } as const;
const parts = { fromParent: 0.3, fromBaselines: 0.4, rare: 0.3 } as const;

/** Share of the components that the others do not have; 0 for a design without components. */
export const shareNew = (own: readonly string[], others: readonly string[]): number =>
  own.length === 0 ? 0 : own.filter((label) => !others.includes(label)).length / own.length;

/** How new a design is, by its components alone: against its parent, against the nearest baseline, and by what nobody had. */
export function innovationOf(
  own: readonly string[],
  parent: readonly string[] | null,
  baselines: Readonly<Record<string, readonly string[]>> = baselineComponents,
): Innovation {
  const distances = Object.entries(baselines)
    .map(([name, components]) => ({ name, distance: shareNew(own, components) }))
    .sort((a, b) => a.distance - b.distance);
  const nearest = distances[0] ?? { name: 'none', distance: 0 };
  // A parent whose components are not known makes nothing new: the benefit of the doubt would reward ignorance.
  const fromParent = parent === null || parent.length === 0 ? nearest.distance : shareNew(own, parent);
  const rare = shareNew(own, [...Object.values(baselines).flat(), ...(parent ?? [])]);
  const share =
    parts.fromParent * Math.min(1, fromParent / full.fromParent) +
    parts.fromBaselines * Math.min(1, nearest.distance / full.fromBaselines) +
    parts.rare * Math.min(1, rare / full.rare);
  return {
    score: onScale(scale.lowest + (scale.highest - scale.lowest) * share),
    fromParent,
    fromBaselines: nearest.distance,
    nearestBaseline: nearest.name,
    rare,
  };
}
