/** How long to wait before a process is started again. */
export interface BackOff {
  readonly firstMilliseconds: number;
  readonly longestMilliseconds: number;
  /** A process that ran this long is healthy: its next end is counted as the first. */
  readonly healthyAfterMilliseconds: number;
}

export const defaultBackOff: BackOff = {
  firstMilliseconds: 250,
  longestMilliseconds: 10_000,
  healthyAfterMilliseconds: 30_000,
};

/**
 * Doubles with every end in a row.
 * @param endsInARow how often the process ended without having been healthy, this end included; at least 1
 */
export const delayAfter = (backOff: BackOff, endsInARow: number): number =>
  Math.min(backOff.longestMilliseconds, backOff.firstMilliseconds * 2 ** (endsInARow - 1));
