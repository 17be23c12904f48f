import type { Terms } from './context.ts';

/** The classes of waiting that the states of the machine declare in `meta.deadline`. */
export type DeadlineClass = 'soon' | 'design' | 'gate' | 'queue' | 'training' | 'assess';

const soonSeconds = 60;

/** Seconds that a state of this class may last. */
export function secondsFor(deadline: DeadlineClass, terms: Terms, gateSeconds: number | undefined): number {
  switch (deadline) {
    case 'soon':
      return soonSeconds;
    case 'design':
      return terms.limits.designSeconds;
    case 'gate':
      return gateSeconds ?? soonSeconds;
    case 'queue':
      return terms.limits.queueSeconds;
    case 'training':
      return terms.limits.trainingSeconds;
    case 'assess':
      return terms.limits.assessSeconds;
  }
}
