import type { ExperimentRecord, Program } from '@asi/contracts';
import type { AnnouncedRecord } from './announced-record.ts';
import { type ComparedField, compareFields } from './compare-fields.ts';

export type FieldComparison = {
  readonly fields: ComparedField[];
  /** What is shown or ranks and the journal does not tell, with the reason. */
  readonly unchecked: Array<{ readonly name: string; readonly why: string }>;
};

/** Fields of a record that no message holds: when and how often, by the director's own count. */
export const ofNoMessage = ['attempts', 'measuredAt', 'sampledAt', 'finishedAt', 'thrownAway'] as const;

/** Every field of a record beside what was announced of it. */
export function compareRecord(stored: Partial<ExperimentRecord>, announced: AnnouncedRecord): FieldComparison {
  const names = new Set([...Object.keys(stored), ...Object.keys(announced)] as Array<keyof AnnouncedRecord>);
  const comparison: FieldComparison = { fields: [], unchecked: [] };
  for (const name of names) {
    if ([...ofNoMessage, '_id'].some((one) => one === name)) continue;
    const held = name === 'program' ? programOf(stored) : (stored[name] ?? null);
    if (name in announced) {
      // What came to an end without a result may have been answered after it.
      if (held !== null || stored.outcome === 'completed' || !answers.some((one) => one === name))
        comparison.fields.push(...compareFields(name, held, announced[name]));
    } else if (held !== null) comparison.unchecked.push({ name, why: 'the journal has no message that tells it' });
  }
  return comparison;
}

const answers = ['design', 'program', 'baseline', 'measurement', 'revisions', 'judgement', 'analysis'] as const;

/** The record of a built-in may name it as its baseline only. */
function programOf({ program, baseline }: Partial<ExperimentRecord>): Program | null {
  return program ?? (baseline ? { kind: 'builtin', name: baseline } : null);
}
