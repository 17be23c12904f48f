import type { Terms } from './context.ts';
import { draftsOf } from './drafts-of.ts';
import { queuesBehindModel } from './queues-behind-model.ts';

/** The classes of waiting that the states of the machine declare in `meta.deadline`. */
export type DeadlineClass = 'soon' | 'design' | 'gate' | 'queue' | 'training' | 'assess';

const soonSeconds = 60;

/** The calls of a language model that an assessment may need in a row: an answer, a longer or mended one, and a repair. */
const callsInARow = 3;

/** Seconds that a state of this class may last. */
export function secondsFor(deadline: DeadlineClass, terms: Terms, gateSeconds: number | undefined): number {
  switch (deadline) {
    case 'soon':
      return soonSeconds;
    case 'design':
      // A design waits for a place and for those sampled before it: with a model they take minutes.
      return (
        (queuesBehindModel(terms, 'researcher') ? terms.limits.queueSeconds : 0) +
        (terms.minds.researcher === 'llm' ? draftsOf(terms) : 1) * terms.limits.designSeconds
      );
    case 'gate':
      return gateSeconds ?? soonSeconds;
    case 'queue':
      return terms.limits.queueSeconds;
    case 'training':
      // Between the beginnings of two trainings: one of them, and what a model says to its end. A revision is a design.
      return terms.limits.trainingSeconds + (terms.minds.engineer === 'llm' ? terms.limits.designSeconds : 0);
    case 'assess':
      return queuesBehindModel(terms, 'judge') || queuesBehindModel(terms, 'analyst')
        ? callsInARow * terms.limits.assessSeconds
        : terms.limits.assessSeconds;
  }
}
