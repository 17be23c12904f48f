import { type CampaignSettings, type ExperimentRecord, settingsOfArm, type ThrownAway } from '@asi/contracts';
import type { Inflight } from '@asi/store';
import { z } from 'zod';
import { certificateHashesIn } from '../certificate-seconds.ts';

/** Jobs of an experiment of which no record tells what they took. */
export const notCountedSchema = z
  .enum(['drafts', 'mending'])
  .describe(
    'drafts: certificates of draws that were thrown away; mending: probes of the engineer (its first steps among them), and certificates of programs that it discarded or replaced',
  );
export type NotCounted = z.infer<typeof notCountedSchema>;

/**
 * What ran for a finished experiment, or may have run, and is not counted.
 * @param settings of its campaign; null where they are not known
 */
export const notCountedOf = (record: ExperimentRecord, settings: CampaignSettings | null): NotCounted[] =>
  record.kind === 'candidate'
    ? [
        ...(hasDrafts(record) ? (['drafts'] as const) : []),
        ...(hasMending(record, settings) ? (['mending'] as const) : []),
      ]
    : [];

/** The same of an experiment that is under way, as far as it has come. */
export function notCountedSoFarOf({ view }: Inflight, settings: CampaignSettings | null): NotCounted[] {
  const { kind, design, arm, state } = view;
  if (kind !== 'candidate' || !design) return [];
  const isTried = !state.startsWith('design') && mendingOf(settings, arm)?.limits.probeBeforeTraining === true;
  return [...(thrownAwayOf(design) > 0 ? (['drafts'] as const) : []), ...(isTried ? (['mending'] as const) : [])];
}

const thrownAwayOf = ({ twinsAvoided, certificateFailures }: ThrownAway): number => twinsAvoided + certificateFailures;

/** How many draws were thrown away and are not counted; null where that is not on record. */
export function drawsNotCounted({ design, thrownAway, reason }: ExperimentRecord): number | null {
  if (design) return thrownAwayOf(design);
  // The certificate that ended it is the last of those that failed.
  return thrownAway ? thrownAwayOf(thrownAway) - certificateHashesIn({ design, reason }).length : null;
}

const hasDrafts = (record: ExperimentRecord): boolean =>
  record.attempts.design > 1 || (drawsNotCounted(record) ?? 1) > 0;

function hasMending(record: ExperimentRecord, settings: CampaignSettings | null): boolean {
  const { arm, design, measurement, revisions, attempts } = record;
  if (revisions && revisions.length > 0) return true;
  const { limits } = mendingOf(settings, arm) ?? {};
  // Without isolation nothing is tried, and no model asked.
  if (!limits || !design || attempts.training === 0 || measurement?.isolationTier === 0) return false;
  return limits.probeBeforeTraining || measurement === null || attempts.training > 1;
}

function mendingOf(settings: CampaignSettings | null, arm: ExperimentRecord['arm']): CampaignSettings | null {
  const own = settings && settingsOfArm(settings, arm);
  return own && own.minds.engineer === 'llm' && own.limits.revisions > 0 ? own : null;
}
