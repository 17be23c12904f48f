import { catalogue, type DataOf, filterFor, isBaselineId } from '@asi/contracts';
import { type JournalLine, journalLineOf, type Reached, type Reading } from '@asi/reading';

type Kind = keyof Reached;
type Step = { readonly kind: Kind; readonly id: string };

/**
 * How many of its kind had come so far when a line was said; null of a line that ends nothing, and where it is not known
 * what came before. To be called with every line, in their order.
 */
export type CountByLine = (
  line: JournalLine,
  before: Reached | null,
) => { readonly kind: Kind; readonly count: number } | null;

/**
 * Counts line by line. The documents are ahead of the lines: with their counts the first of two would be told as both,
 * above the line that the second was trained.
 */
export function countByLine(): CountByLine {
  const told: Readonly<Record<Kind, Set<string>>> = {
    candidate: new Set(),
    baseline: new Set(),
    confirmation: new Set(),
  };
  // A baseline may be measured and cancelled afterwards.
  const lost = new Set<string>();
  return (line, before) => {
    const step = stepOf(line);
    if (step) told[step.kind].add(step.id);
    if (line.type !== catalogue.settled.type) return null;
    const { kind, outcome, experimentId } = line.data as DataOf<'settled'>;
    if (kind === 'baseline' && outcome !== 'completed') lost.add(experimentId);
    if (before === null) return null;
    const come = new Set([...told[kind], ...before[kind]].filter((id) => !lost.has(id)));
    return { kind, count: come.size };
  };
}

/** What had come before the lines after this sequence number; null when there is no such campaign. */
export async function reachedBefore(
  reading: Pick<Reading, 'reached' | 'bus'>,
  campaignId: string,
  afterSequence: number,
): Promise<Reached | null> {
  const reached = await reading.reached(campaignId);
  if (!reached) return null;
  // Read after the documents: what they hold is in the journal by then.
  const later = new Set<string>();
  const filters = [filterFor('evt', 'director', 'settled'), filterFor('evt', 'engineer', 'trained')];
  for await (const record of reading.bus.journal({ filters, fromSequence: afterSequence + 1 })) {
    const step = stepOf(journalLineOf(record));
    if (step) later.add(step.id);
  }
  const before = (kind: Kind) => reached[kind].filter((id) => !later.has(id));
  return { candidate: before('candidate'), baseline: before('baseline'), confirmation: before('confirmation') };
}

/** What counts from this line on. A baseline counts when it is measured: it ends only once all of them are. */
function stepOf({ type, experimentId: id, data }: JournalLine): Step | null {
  if (id === null) return null;
  if (type === catalogue.trained.type) return isBaselineId(id) ? { kind: 'baseline', id } : null;
  if (type !== catalogue.settled.type) return null;
  const { kind, outcome } = data as DataOf<'settled'>;
  if (kind === 'baseline') return null;
  return kind === 'confirmation' || outcome === 'completed' ? { kind, id } : null;
}
