import { baselineComponents } from '@asi/contracts';
import { onScale, scale } from './rubric.ts';

export type Innovation = {
  readonly score: number;
  /** Share of its components that the nearest of its parent and its other relatives does not have. */
  readonly fromFamily: number;
  readonly nearestRelative: string;
  readonly relatives: number;
  /** The same for the nearest baseline. */
  readonly fromBaselines: number;
  readonly nearestBaseline: string;
  /** Share of its components that neither a relative nor any baseline has. */
  readonly rare: number;
};

/** Shares at which a part of the score is full: as much as a design can change without being another kind of thing. */
const full = { fromFamily: 0.4, fromBaselines: 0.6, rare: 0.5 } as const;
const parts = { fromFamily: 0.3, fromBaselines: 0.4, rare: 0.3 } as const;

/** Share of the components that the others do not have; 0 for a design without components. */
export const shareNew = (own: readonly string[], others: readonly string[]): number =>
  own.length === 0 ? 0 : own.filter((label) => !others.includes(label)).length / own.length;

export type Described = { readonly name: string; readonly components: readonly string[] };

/**
 * How new a design is, by its components alone: against the nearest of its family (parent, grandparent, siblings and the
 * designs it was shown), against the nearest baseline, and by what none of them had.
 */
export function innovationOf(
  own: readonly string[],
  family: readonly Described[],
  baselines: Readonly<Record<string, readonly string[]>> = baselineComponents,
): Innovation {
  const distances = Object.entries(baselines)
    .map(([name, components]) => ({ name, distance: shareNew(own, components) }))
    .sort((a, b) => a.distance - b.distance);
  const nearest = distances[0] ?? { name: 'none', distance: 0 };
  const described = family.filter(({ components }) => components.length > 0);
  const relatives = described
    .map(({ name, components }) => ({ name, distance: shareNew(own, components) }))
    .sort((a, b) => a.distance - b.distance);
  // A family whose components are not known makes nothing new: the benefit of the doubt would reward ignorance.
  const closest = relatives[0] ?? nearest;
  const rare = shareNew(own, [...Object.values(baselines), ...described.map(({ components }) => components)].flat());
  const share =
    parts.fromFamily * Math.min(1, closest.distance / full.fromFamily) +
    parts.fromBaselines * Math.min(1, nearest.distance / full.fromBaselines) +
    parts.rare * Math.min(1, rare / full.rare);
  return {
    score: onScale(scale.lowest + (scale.highest - scale.lowest) * share),
    fromFamily: closest.distance,
    nearestRelative: closest.name,
    relatives: relatives.length,
    fromBaselines: nearest.distance,
    nearestBaseline: nearest.name,
    rare,
  };
}
