import type { ArmName, ArtifactHash, ExperimentKind, ExperimentRecord, HistoryEntry, Program } from '@asi/contracts';
import { componentsOfBaseline } from '@asi/contracts';

/** What the director remembers of a finished experiment: everything sampling and comparison need, no bodies. */
export type Remembered = {
  readonly entry: HistoryEntry;
  readonly kind: ExperimentKind;
  readonly campaignNumber: number;
  readonly ordinal: number | null;
  readonly arm: ArmName | null;
  readonly outcome: ExperimentRecord['outcome'];
  readonly yardstick: string;
  /** Stable code of why it gave no result. */
  readonly code: string | null;
  /** What was trained; null when it came to no program. */
  readonly program: Program | null;
  /** The program of a parent that is a baseline; undefined of other parents, and in older records. */
  readonly parentProgramHash: ArtifactHash | undefined;
  readonly parentId: string | null;
  readonly baseline: string | null;
  readonly seed: number;
  /** The rest of the sequence helped it: its scores are of prefixes alone, and no design descends from it. */
  readonly suspectLeak: boolean;
  readonly measured: { readonly languageModelLoss: number; readonly battery: number } | null;
  readonly judgeTotal: number | null;
};

export type Horizon = {
  readonly campaignNumber: number;
  readonly yardstick: string;
  readonly horizon: number;
  /** Of its own campaign it sees the candidates of this arm alone. */
  readonly arm: ArmName | null;
};

export function remember(record: ExperimentRecord): Remembered {
  const { measurement, design } = record;
  return {
    entry: {
      experimentId: record._id,
      name: record.name,
      baseline: record.baseline,
      programHash: design?.programHash ?? null,
      genomeHash: design?.genomeHash ?? null,
      components: design?.components ?? componentsOfBaseline(record.baseline),
      motivation: design?.motivation ?? '',
      merit: null,
      fitness: null,
      languageModelLoss: measurement?.languageModelLoss ?? null,
      battery: measurement?.battery ?? null,
    },
    kind: record.kind,
    campaignNumber: record.campaignNumber,
    ordinal: record.ordinal,
    arm: record.arm,
    outcome: record.outcome,
    yardstick: record.yardstick,
    code: record.reason?.code ?? null,
    program: record.baseline ? { kind: 'builtin', name: record.baseline } : record.program,
    parentProgramHash: design?.parentProgramHash,
    parentId: record.parentId,
    baseline: record.baseline,
    seed: record.seed,
    suspectLeak: Boolean(measurement?.suspectLeak),
    measured: measurement ? { languageModelLoss: measurement.languageModelLoss, battery: measurement.battery } : null,
    judgeTotal: record.judgement?.total ?? null,
  };
}
