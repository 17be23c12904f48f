import type {
  Analysis,
  ArmName,
  ArtifactHash,
  AttemptToken,
  CampaignId,
  CampaignSettings,
  DataOf,
  Design,
  EndReason,
  ExperimentId,
  ExperimentKind,
  Fitness,
  Judgement,
  Measurement,
  MeritScale,
  Program,
  Revision,
  ThinkingRole,
  ThrownAway,
} from '@asi/contracts';

export type Stage = 'design' | 'training' | 'judging' | 'analysing';

type Limits = CampaignSettings['limits'];
/** An experiment sampled by an earlier version lacks these. */
type LaterLimit = 'drafts' | 'probeBeforeTraining';

/** What an experiment is told of its campaign when it is sampled; later changes of the campaign do not touch it. */
export type Terms = Pick<
  CampaignSettings,
  'suite' | 'device' | 'gates' | 'objective' | 'learnFromInsights' | 'policy'
> & {
  evaluationSeed: string;
  limits: Omit<Limits, LaterLimit> & Partial<Pick<Limits, LaterLimit>>;
  /** An experiment sampled by an earlier version lacks the roles and settings that came later. */
  minds: Partial<CampaignSettings['minds']>;
  /** The roles that a language model plays in any arm of the campaign; absent where it has no arms. */
  modelRoles?: readonly ThinkingRole[];
} & Partial<Pick<CampaignSettings, 'models'>>;

/** What the assessment compares with; it arrives when the campaign's reference is known. */
export type AssessmentMaterial = Pick<DataOf<'analyse'>, 'reference' | 'grandparent' | 'siblings'> & {
  fitness: Fitness;
  parent: DataOf<'judge'>['parent'];
  /** Absent of what is not a candidate, and in documents of an earlier version. */
  anchor?: DataOf<'judge'>['parent'];
};

/** Plain JSON only: it is stored between any two events. */
export type ExperimentContext = {
  experimentId: ExperimentId;
  campaignId: CampaignId;
  campaignNumber: number;
  kind: ExperimentKind;
  ordinal: number | null;
  /** Absent where the campaign has no arms. */
  arm?: ArmName;
  name: string;
  baseline: string | null;
  seed: number;
  /** What the trained mixer may hold, in DeltaNet's parameters; absent where a program is what it is: baselines and rivals. */
  parameterRatio?: number;
  designSeed: string;
  parent: DataOf<'design'>['parent'] | null;
  references: DataOf<'design'>['references'];
  /** Absent of what is not a candidate, and of what an earlier version sampled. */
  baselines?: DataOf<'design'>['baselines'];
  /** Absent where it knows no result, of what is not a candidate, and of what an earlier version sampled. */
  meritScale?: MeritScale;
  horizon: number;
  yardstick: string;
  terms: Terms;
  sampledAt: string;
  attempts: Record<Stage, number>;
  losses: number;
  gateIndex: number;
  design: Design | null;
  program: Program | null;
  /** Absent where there is a design, and where no researcher told. */
  thrownAway?: ThrownAway;
  measurement: Measurement | null;
  /** Absent where the engineer changed nothing. */
  revisions?: Revision[];
  assessment: AssessmentMaterial | null;
  judgement: Judgement | null;
  analysis: Analysis | null;
  fitness: Fitness | null;
  reason: EndReason | null;
};

type Answer = { token: AttemptToken; messageId: string };

export type ExperimentEvent =
  | { type: 'BEGIN' }
  | ({ type: 'DESIGNED'; design: Design; program: Program } & Answer)
  | ({ type: 'DESIGN_REJECTED'; reason: EndReason; thrownAway?: ThrownAway | undefined } & Answer)
  | ({
      type: 'DESIGN_FAILED';
      kind: 'terminal' | 'retryable';
      reason: EndReason;
      thrownAway?: ThrownAway | undefined;
    } & Answer)
  | ({
      type: 'GATE_ANSWERED';
      verdict: 'allow' | 'veto';
      role: string;
      why: string;
      evidenceHash?: ArtifactHash | null;
    } & Answer)
  | ({ type: 'TRAINING_STARTED' } & Answer)
  | ({ type: 'TRAINED'; measurement: Measurement; revisions?: Revision[] } & Answer)
  | ({
      type: 'TRAINING_FAILED';
      kind: 'terminal' | 'retryable';
      reason: EndReason;
      revisions?: Revision[];
    } & Answer)
  | { type: 'REFERENCE_READY'; material: AssessmentMaterial }
  | ({ type: 'JUDGED'; judgement: Judgement } & Answer)
  | ({ type: 'JUDGING_FAILED'; kind: 'terminal' | 'retryable'; reason: EndReason } & Answer)
  | ({ type: 'ANALYSED'; analysis: Analysis } & Answer)
  | ({ type: 'ANALYSING_FAILED'; kind: 'terminal' | 'retryable'; reason: EndReason } & Answer)
  | { type: 'DEADLINE' }
  | { type: 'CANCEL'; why: string; code?: string };
