import { z } from 'zod';

/** A job id is a file name in the runner's ledger; the caller chooses it, and submitting it twice makes one job. */
export const jobIdSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/,
    'a job id has 1-128 letters, digits, dots, colons, dashes or underscores',
  )
  .brand<'JobId'>();
export type JobId = z.output<typeof jobIdSchema>;

/** Who wrote the program: `grammar` is our own generator, `foreign` anybody or anything else. */
export const programOriginSchema = z.enum(['grammar', 'foreign', 'builtin']);
export type ProgramOrigin = z.output<typeof programOriginSchema>;

const maximalSourceCharacters = 256 * 1024;

export const programSchema = z.discriminatedUnion('origin', [
  z.object({ origin: z.literal('builtin'), builtin: z.string().min(1) }),
  z.object({ origin: z.literal('grammar'), source: z.string().min(1).max(maximalSourceCharacters) }),
  z.object({ origin: z.literal('foreign'), source: z.string().min(1).max(maximalSourceCharacters) }),
]);
export type Program = z.output<typeof programSchema>;

export const probeNames = ['shapes', 'steps', 'profile'] as const;
const maximalSnippetCharacters = 16 * 1024;

/** A short look at a program: one of the trainer's own, or a few lines of Python that see `torch`, `Mixer` and `mixer`. */
export const probeSchema = z.union([
  z.strictObject({ name: z.enum(probeNames) }),
  z.strictObject({ snippet: z.string().min(1).max(maximalSnippetCharacters) }),
]);
export type Probe = z.output<typeof probeSchema>;

/** What is to be done. Everything but `labels` is the job's identity. */
export const jobSpecSchema = z
  .object({
    kind: z.enum(['train', 'certify', 'probe']),
    program: programSchema,
    suite: z.string().min(1),
    /** Replicate seed: initialisation and data order. */
    seed: z.int(),
    /** Seed of the held-out data; never shown to the candidate. */
    evaluationSeed: z.string(),
    device: z.enum(['auto', 'cpu', 'cuda']),
    limits: z.object({
      /** Budget; the runner kills at 1.2 times this plus 60 s. */
      wallSeconds: z.number().positive(),
      memoryBytes: z.int().positive(),
    }),
    /** Largest ratio of mixer parameters to DeltaNet's; null: reported only. */
    parameterBudget: z.number().positive().nullable(),
    /** A certificate with the slow tests too: compilation and length extrapolation. */
    full: z.literal(true).optional(),
    /** Quality control of a training logs what it would stop, and stops nothing. */
    reportStops: z.literal(true).optional(),
    /** What to look at, where the kind is `probe`. */
    probe: probeSchema.optional(),
    attempt: z.int().positive(),
    /** Fencing token of the attempt; `cancel` must repeat it. */
    token: z.string().min(1),
    labels: z.record(z.string(), z.string()),
  })
  .refine(({ kind, probe }) => (kind === 'probe') === (probe !== undefined), {
    path: ['probe'],
    message: 'a job of the kind probe says what to look at, and no other job does',
  });
export type JobSpec = z.output<typeof jobSpecSchema>;
export type JobKind = JobSpec['kind'];
