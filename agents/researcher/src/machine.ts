import type { TaskOutput } from '@asi/agent-kit';
import {
  type DataOf,
  type Design,
  type EndReason,
  type Envelope,
  isAsiError,
  type Program,
  type ThrownAway,
} from '@asi/contracts';
import { assign, fromPromise, setup } from 'xstate';

export type DesignCommand = { readonly envelope: Envelope; readonly data: DataOf<'design'> };

/** What the researcher knows when it begins to design; its shape is the mind's own affair. */
export type Recalled = unknown;

/** A design that is not yet proven legal and new. */
export type Draft = {
  readonly design: Omit<
    Design,
    | 'certificateHash'
    | 'parameters'
    | 'flopsPerToken'
    | 'flags'
    | 'twinsAvoided'
    | 'certificateFailures'
    | 'nearest'
    | 'embedding'
  >;
  readonly program: Program;
  readonly source: string;
};

export type Certified =
  | {
      readonly legal: true;
      readonly proof: Pick<Design, 'certificateHash' | 'parameters' | 'flopsPerToken' | 'flags'>;
      readonly programHash: string;
      readonly fingerprint: number[][];
    }
  | { readonly legal: false; readonly reason: EndReason };

export type Novelty = {
  readonly twinOf: string | null;
  readonly nearest: Design['nearest'];
  /** In what it repeats the twin, where more is to be said than that it behaves like it. */
  readonly why?: string;
  /** Calls of language models that led to the verdict. */
  readonly calls?: readonly string[];
  /** What a prompt had no room for on the way to the verdict. */
  readonly remarks?: readonly string[];
  /** The idea as a vector, where a model of embeddings was asked for it. */
  readonly embedding?: NonNullable<Design['embedding']>;
};

/** Why the last draft was thrown away: what a mind needs to do better. */
export type Setback =
  | { readonly kind: 'illegal'; readonly draft: Draft; readonly reason: EndReason }
  | { readonly kind: 'twin'; readonly draft: Draft; readonly novelty: Novelty };

export type DraftWork = {
  readonly command: DesignCommand;
  readonly recalled: Recalled;
  readonly draw: number;
  /** Null before the first draft. */
  readonly setback: Setback | null;
};
export type CompareWork = {
  readonly command: DesignCommand;
  readonly recalled: Recalled;
  readonly draw: number;
  readonly draft: Draft;
  readonly certified: Certified;
};

export type Answer =
  | { readonly kind: 'designed'; readonly design: Design; readonly program: Program }
  | {
      readonly kind: 'rejected';
      readonly reason: EndReason;
      readonly twinOf: string | null;
      readonly thrownAway: ThrownAway;
    }
  | { readonly kind: 'failed'; readonly reason: EndReason; readonly thrownAway: ThrownAway };

type Context = {
  command: DesignCommand;
  recalled: Recalled;
  draws: number;
  draft: Draft | null;
  certified: Certified | null;
  twinsAvoided: number;
  certificateFailures: number;
  novelty: Novelty | null;
  setback: Setback | null;
  lastReason: EndReason | null;
  error: unknown;
};

const notProvided = async (): Promise<never> => {
  throw new Error('not provided');
};

/**
 * One design: recall what is known, draft, prove by execution that the draft is legal, wait until all earlier designs are
 * decided, make sure that it is new. A draft that is not both is thrown away, and the next one is made in the knowledge of it, up to the limit of the command; then
 * the design is rejected.
 */
export const researcherMachine = setup({
  types: { context: {} as Context, input: {} as { command: DesignCommand }, output: {} as TaskOutput },
  actors: {
    recall: fromPromise<Recalled, DesignCommand>(notProvided),
    draft: fromPromise<Draft, DraftWork>(notProvided),
    certify: fromPromise<Certified, { command: DesignCommand; draft: Draft; draw: number }>(notProvided),
    awaitEarlier: fromPromise<void, DesignCommand>(notProvided),
    compare: fromPromise<Novelty, CompareWork>(notProvided),
    report: fromPromise<void, { command: DesignCommand; answer: Answer }>(notProvided),
  },
  actions: {
    rememberFailure: assign({ lastReason: (_, params: { error: unknown }) => reasonOf(params.error) }),
    rememberError: assign({ error: (_, params: { error: unknown }) => params.error }),
    countCertificateFailure: assign({
      certificateFailures: ({ context }) => context.certificateFailures + 1,
      lastReason: (_, params: { certified: Certified }) => (params.certified.legal ? null : params.certified.reason),
      setback: ({ context }, { certified }: { certified: Certified }): Setback | null =>
        certified.legal || !context.draft ? null : { kind: 'illegal', draft: context.draft, reason: certified.reason },
    }),
    countTwin: assign({
      twinsAvoided: ({ context }) => context.twinsAvoided + 1,
      novelty: (_, params: { novelty: Novelty }) => params.novelty,
      setback: ({ context }, { novelty }: { novelty: Novelty }): Setback | null =>
        context.draft ? { kind: 'twin', draft: context.draft, novelty } : null,
    }),
  },
  guards: {
    isTerminal: (_, params: { error: unknown }) => isAsiError(params.error) && params.error.kind === 'terminal',
    isLegal: (_, params: { certified: Certified }) => params.certified.legal,
    isNew: (_, params: { novelty: Novelty }) => params.novelty.twinOf === null,
    hasDrawsLeft: ({ context }) => context.draws < context.command.data.draws,
  },
}).createMachine({
  id: 'researcher',
  context: ({ input }) => ({
    command: input.command,
    recalled: null,
    draws: 0,
    draft: null,
    certified: null,
    twinsAvoided: 0,
    certificateFailures: 0,
    novelty: null,
    setback: null,
    lastReason: null,
    error: null,
  }),
  initial: 'recalling',
  output: ({ context }): TaskOutput =>
    context.error === null ? { result: 'answered' } : { result: 'released', error: context.error },
  states: {
    recalling: {
      invoke: {
        src: 'recall',
        input: ({ context }) => context.command,
        onDone: { target: 'drafting', actions: assign({ recalled: ({ event }) => event.output }) },
        onError: [
          {
            guard: { type: 'isTerminal', params: ({ event }) => ({ error: event.error }) },
            target: 'failing',
            actions: { type: 'rememberFailure', params: ({ event }) => ({ error: event.error }) },
          },
          { target: 'released', actions: { type: 'rememberError', params: ({ event }) => ({ error: event.error }) } },
        ],
      },
    },
    drafting: {
      entry: assign({ draws: ({ context }) => context.draws + 1 }),
      invoke: {
        src: 'draft',
        input: ({ context }) => ({
          command: context.command,
          recalled: context.recalled,
          draw: context.draws,
          setback: context.setback,
        }),
        onDone: { target: 'certifying', actions: assign({ draft: ({ event }) => event.output }) },
        onError: [
          {
            guard: { type: 'isTerminal', params: ({ event }) => ({ error: event.error }) },
            target: 'failing',
            actions: { type: 'rememberFailure', params: ({ event }) => ({ error: event.error }) },
          },
          { target: 'released', actions: { type: 'rememberError', params: ({ event }) => ({ error: event.error }) } },
        ],
      },
    },
    certifying: {
      invoke: {
        src: 'certify',
        input: ({ context }) => ({ command: context.command, draft: context.draft as Draft, draw: context.draws }),
        onDone: [
          {
            guard: { type: 'isLegal', params: ({ event }) => ({ certified: event.output }) },
            target: 'awaitingEarlier',
            actions: assign({ certified: ({ event }) => event.output }),
          },
          {
            target: 'discarding',
            actions: { type: 'countCertificateFailure', params: ({ event }) => ({ certified: event.output }) },
          },
        ],
        onError: [
          {
            guard: { type: 'isTerminal', params: ({ event }) => ({ error: event.error }) },
            target: 'failing',
            actions: { type: 'rememberFailure', params: ({ event }) => ({ error: event.error }) },
          },
          { target: 'released', actions: { type: 'rememberError', params: ({ event }) => ({ error: event.error }) } },
        ],
      },
    },
    awaitingEarlier: {
      invoke: {
        src: 'awaitEarlier',
        input: ({ context }) => context.command,
        onDone: { target: 'comparing' },
        onError: {
          target: 'released',
          actions: { type: 'rememberError', params: ({ event }) => ({ error: event.error }) },
        },
      },
    },
    comparing: {
      invoke: {
        src: 'compare',
        input: ({ context }) => ({
          command: context.command,
          recalled: context.recalled,
          draw: context.draws,
          draft: context.draft as Draft,
          certified: context.certified as Certified,
        }),
        onDone: [
          {
            guard: { type: 'isNew', params: ({ event }) => ({ novelty: event.output }) },
            target: 'reporting',
            actions: assign({ novelty: ({ event }) => event.output }),
          },
          { target: 'discarding', actions: { type: 'countTwin', params: ({ event }) => ({ novelty: event.output }) } },
        ],
        onError: [
          {
            guard: { type: 'isTerminal', params: ({ event }) => ({ error: event.error }) },
            target: 'failing',
            actions: { type: 'rememberFailure', params: ({ event }) => ({ error: event.error }) },
          },
          { target: 'released', actions: { type: 'rememberError', params: ({ event }) => ({ error: event.error }) } },
        ],
      },
    },
    discarding: { always: [{ guard: 'hasDrawsLeft', target: 'drafting' }, { target: 'rejecting' }] },
    reporting: {
      invoke: {
        src: 'report',
        input: ({ context }) => ({ command: context.command, answer: designedAnswer(context) }),
        onDone: { target: 'answered' },
        onError: {
          target: 'released',
          actions: { type: 'rememberError', params: ({ event }) => ({ error: event.error }) },
        },
      },
    },
    rejecting: {
      invoke: {
        src: 'report',
        input: ({ context }) => ({ command: context.command, answer: rejectedAnswer(context) }),
        onDone: { target: 'answered' },
        onError: {
          target: 'released',
          actions: { type: 'rememberError', params: ({ event }) => ({ error: event.error }) },
        },
      },
    },
    failing: {
      invoke: {
        src: 'report',
        input: ({ context }) => ({ command: context.command, answer: failedAnswer(context) }),
        onDone: { target: 'answered' },
        onError: {
          target: 'released',
          actions: { type: 'rememberError', params: ({ event }) => ({ error: event.error }) },
        },
      },
    },
    answered: { type: 'final' },
    released: { type: 'final' },
  },
});

function designedAnswer({ draft, certified, novelty, twinsAvoided, certificateFailures }: Context): Answer {
  if (!draft || !certified?.legal || !novelty) throw new Error('reported before it was certified and compared');
  const { calls, remarks } = draft.design;
  return {
    kind: 'designed',
    design: {
      ...draft.design,
      ...certified.proof,
      nearest: novelty.nearest,
      twinsAvoided,
      certificateFailures,
      ...(novelty.embedding ? { embedding: novelty.embedding } : {}),
      ...(calls ? { calls: [...calls, ...(novelty.calls ?? [])] } : {}),
      ...(remarks ? { remarks: [...remarks, ...(novelty.remarks ?? [])] } : {}),
    },
    program: draft.program,
  };
}

function rejectedAnswer({ draws, twinsAvoided, certificateFailures, novelty, lastReason }: Context): Answer {
  const tally = `${draws} drafts: ${twinsAvoided} twins, ${certificateFailures} failed the certificate`;
  return lastReason && certificateFailures >= twinsAvoided
    ? {
        kind: 'rejected',
        reason: { ...lastReason, message: `${tally}; the last of these: ${lastReason.message}` },
        twinOf: null,
        thrownAway: { twinsAvoided, certificateFailures },
      }
    : {
        kind: 'rejected',
        reason: {
          code: 'twin',
          message: `${tally}; the last of the twins was one of ${novelty?.twinOf}${novelty?.why ? `: ${novelty.why}` : ''}`,
          evidenceHash: null,
        },
        twinOf: novelty?.twinOf ?? null,
        thrownAway: { twinsAvoided, certificateFailures },
      };
}

/** A terminal error around a design is an answer too: nobody has to wait for the deadline to learn of it. */
const failedAnswer = ({ lastReason, twinsAvoided, certificateFailures }: Context): Answer => ({
  kind: 'failed',
  reason: lastReason ?? reasonOf('unknown'),
  thrownAway: { twinsAvoided, certificateFailures },
});

function reasonOf(error: unknown): EndReason {
  return isAsiError(error)
    ? { code: error.code, message: error.message, evidenceHash: null }
    : { code: 'unknown', message: String(error), evidenceHash: null };
}
