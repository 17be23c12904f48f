import { z } from 'zod';
import { ownArmSchema } from './arm.ts';
import { artifactHashSchema, experimentIdSchema } from './ids.ts';
import { componentEffectSchema, insightSchema, treeRowSchema } from './insight.ts';
import { callRecordSchema, callRefusalSchema, capNameSchema, usageSchema } from './language-model.ts';
import { meritScaleSchema } from './merit-scale.ts';
import { measuredNumberSchema } from './numbers.ts';
import { paperSchema } from './papers.ts';

const endpoint = <Request extends z.ZodType, Reply extends z.ZodType>(
  role: string,
  name: string,
  request: Request,
  reply: Reply,
) => ({
  role,
  name,
  request,
  reply,
});

/** Up to where the asker may see: everything of earlier campaigns, and of its own the candidates of its arm up to `horizon`. */
const horizonFields = {
  yardstick: z.string(),
  campaignNumber: z.number().int(),
  horizon: z.number().int(),
  arm: ownArmSchema,
};

/** Request-reply endpoints: only for questions whose answer is useless later, and for handing over what must be kept. */
export const services = {
  putArtifact: endpoint(
    'archive',
    'put-artifact',
    z.object({ body: z.string(), mediaType: z.string() }),
    z.object({ hash: artifactHashSchema }),
  ),
  getArtifact: endpoint(
    'archive',
    'get-artifact',
    z.object({ hash: artifactHashSchema }),
    z.object({ body: z.string().nullable(), mediaType: z.string() }),
  ),
  /** Looks for a twin among the baselines, the designs of its arm and of earlier campaigns registered before this ordinal, and registers the design when there is none. Idempotent by experiment. */
  checkNovelty: endpoint(
    'archive',
    'check-novelty',
    z.object({
      experimentId: experimentIdSchema,
      campaignNumber: z.number().int(),
      ordinal: z.number().int(),
      arm: ownArmSchema,
      /** Up to where it knows results of its own campaign, and so what engineers made of designs: see `registerRevision`. */
      horizon: z.number().int().default(0),
      programHash: z.string(),
      fingerprint: z.array(z.array(measuredNumberSchema)),
      register: z.boolean(),
    }),
    z.object({ twinOf: z.string().nullable(), similarity: z.number(), nearest: z.string().nullable() }),
  ),
  /**
   * Makes a baseline known to all who ask whether a design is new, as sampled before every candidate of the campaign: what
   * computes the same is its twin. Idempotent by experiment: the first registration stays.
   */
  registerBaseline: endpoint(
    'archive',
    'register-baseline',
    z.object({
      experimentId: experimentIdSchema,
      campaignNumber: z.number().int(),
      /** Below that of any candidate; tells the baselines of a campaign apart. */
      ordinal: z.number().int().max(0),
      /** Every form in which it is known: as the trainer has it, and as designers are shown it. */
      programs: z.array(z.object({ programHash: z.string(), fingerprint: z.array(z.array(measuredNumberSchema)) })),
    }),
    z.object({ registered: z.literal(true) }),
  ),
  /**
   * Adds to a registered design what an engineer's revision made of it: who knows its result finds twins of that form too.
   * Idempotent by experiment and program.
   */
  registerRevision: endpoint(
    'archive',
    'register-revision',
    z.object({
      experimentId: experimentIdSchema,
      programHash: z.string(),
      fingerprint: z.array(z.array(measuredNumberSchema)),
    }),
    z.object({ registered: z.literal(true) }),
  ),
  putInsight: endpoint('archive', 'put-insight', insightSchema, z.object({ stored: z.literal(true) })),
  /** Newest insights within the horizon; `ready: false` when the archive has not yet heard of all settled experiments below it. */
  recallInsights: endpoint(
    'archive',
    'recall-insights',
    z.object({ ...horizonFields, limit: z.number().int() }),
    z.object({ ready: z.boolean(), insights: z.array(insightSchema) }),
  ),
  /** What every component does to merit, estimated from all measured experiments within the horizon. */
  componentEffects: endpoint(
    'analyst',
    'component-effects',
    z.object({ ...horizonFields, meritScale: meritScaleSchema }),
    z.object({ effects: z.array(componentEffectSchema) }),
  ),
  treeRows: endpoint(
    'archive',
    'tree-rows',
    z.object({ ...horizonFields, skip: z.number().int(), limit: z.number().int() }),
    z.object({ ready: z.boolean(), total: z.number().int(), rows: z.array(treeRowSchema) }),
  ),
  /**
   * Begins a call of a language model, unless it was answered before (then the answer comes back, and nothing is paid twice)
   * or could pass a cap of the campaign as it is now. What was begun and not closed counts with all it can cost until it is closed.
   * Also asked before a further try where one broke off: that counts beside it. Idempotent: what was said already changes nothing.
   */
  openCall: endpoint(
    'archive',
    'open-call',
    z.object({
      call: callRecordSchema.pick({
        _id: true,
        campaignId: true,
        experimentId: true,
        role: true,
        node: true,
        promptVersion: true,
        model: true,
        promptHash: true,
      }),
      /** Tokens that it takes at most: of the prompt, and of the longest answer. */
      atMost: z.object({ input: z.number().int(), output: z.number().int() }),
      /** Id of this asking of the question: another one finds an open call lost with its process. */
      opening: z.string(),
      /** Tries of this asking that began to be answered and broke off, so far. */
      brokenOff: z.number().int().min(0).default(0),
      /** Where it would fit if all that is in flight took nothing, it is told to wait, and the campaign is not paused. */
      patient: z.boolean().default(false),
    }),
    z.discriminatedUnion('kind', [
      /** With what it was refused for good before, if it was. */
      z.object({ kind: z.literal('go'), refusal: callRefusalSchema.optional() }),
      z.object({ kind: z.literal('answered'), call: callRecordSchema }),
      z.object({ kind: z.literal('capped'), cap: capNameSchema, why: z.string() }),
      z.object({ kind: z.literal('denied'), why: z.string() }),
      /** How many calls of the campaign have ended so far: while that grows, waiting is not in vain. */
      z.object({ kind: z.literal('wait'), ended: z.number().int().default(0) }),
    ]),
  ),
  /** Ends a call that was opened. Idempotent: the first answer stays; a failure stays until the call is begun anew, or answered after all. */
  closeCall: endpoint(
    'archive',
    'close-call',
    z.object({
      _id: z.string(),
      answerHash: artifactHashSchema.nullable(),
      usage: usageSchema.nullable(),
      seconds: z.number(),
      retries: z.number().int(),
      /** Tries that broke off after the last that `openCall` was told. */
      brokenOff: z.number().int(),
      error: z.string().nullable(),
      /** Where the endpoint refused this question for good. */
      refusal: callRefusalSchema.nullable().default(null),
      /** The opening that ends, as `openCall` was told it; null: the latest. */
      opening: z.string().nullable().default(null),
      /** The endpoint refuses whatever the role asks: the campaign is to be paused. */
      denied: z.boolean().default(false),
    }),
    z.object({ call: callRecordSchema }),
  ),
  searchPapers: endpoint(
    'cognition',
    'search',
    z.object({ query: z.string(), limit: z.number().int().default(3) }),
    z.object({ hits: z.array(z.object({ paper: paperSchema, score: z.number(), matched: z.array(z.string()) })) }),
  ),
} as const;

export type Services = typeof services;
export type ServiceName = keyof Services;
export type RequestOf<Name extends ServiceName> = z.input<Services[Name]['request']>;
export type ReplyOf<Name extends ServiceName> = z.infer<Services[Name]['reply']>;

/** An endpoint of a language model that serves nobody, as one of those who wait for it knows it. */
export const endpointWaitSchema = z.object({
  endpoint: z.string().describe('host and port of the endpoint'),
  reason: z.string().describe('its last word, or why nothing came'),
  since: z.string().describe('since when it has served no request of this process'),
});
export type EndpointWait = z.infer<typeof endpointWaitSchema>;

/** What a process says of itself when the NATS services are asked; `asi status` and the dashboard show nothing else. */
export const processStatusSchema = z.object({
  role: z.string().describe('what it does: director, researcher, ...'),
  instance: z.string().describe('which of its role'),
  version: z.string().describe('of the laboratory'),
  state: z.string().describe('of its machine, for example ready.idle'),
  tasks: z
    .array(
      z.object({
        experimentId: z.string().describe('the experiment that it works on'),
        state: z.string().describe('of the task, for example training'),
        since: z.string().describe('in this state since'),
      }),
    )
    .describe('what it is doing'),
  handled: z.number().int().describe('messages since it started'),
  failed: z.number().int().describe('messages that failed and will be tried again'),
  deadLetters: z.number().int().describe('messages it gave up since it started; the status counts all of a role'),
  startedAt: z.string().describe('when the process started'),
  memoryBytes: z.number().describe('resident memory'),
  details: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .describe("words of the role: the runner's address, slots, isolation tier"),
  waits: z
    .array(endpointWaitSchema)
    .optional()
    .describe('endpoints of language models that it waits for, because they refuse or do not answer; absent without'),
});
export type ProcessStatus = z.infer<typeof processStatusSchema>;
