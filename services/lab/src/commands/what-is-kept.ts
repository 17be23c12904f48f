import type { Progress } from '@asi/reading';
import { counted } from '../view/format.ts';

/** What becomes of a campaign that is given up, said before anybody gives it up. */
export const whatIsKept =
  'results are kept, but not what has no score yet: baselines have theirs when all of them are measured';

// The states after training, see the experiment machine of the director.
const measuredStates: ReadonlySet<string> = new Set(['measured', 'assessing', 'assessed', 'resultGate']);

/** The same, afterwards. @param inFlight what was under way when it was given up */
export function whatWasKept(inFlight: Progress['inFlight']): string {
  const lost = inFlight.filter(({ state }) => measuredStates.has(state.split('.', 1)[0] ?? '')).length;
  return lost === 0
    ? 'its results are kept'
    : `its results are kept, but for ${counted(lost, 'run')} that had been measured and had no score yet: cancelled too, and trained again where another campaign needs the same baseline`;
}
