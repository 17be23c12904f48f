import type { Bus } from '@asi/bus';
import {
  type ArtifactHash,
  type AsiError,
  artifactHashSchema,
  type CallRecord,
  type Clock,
  canonicalJson,
  paused,
  retryable,
  terminal,
  type Usage,
} from '@asi/contracts';
import type { z } from 'zod';

/** One call as the ledger knows it before it is begun. */
export type CallIdentity = Pick<
  CallRecord,
  '_id' | 'campaignId' | 'experimentId' | 'role' | 'node' | 'promptVersion' | 'model'
>;

/** How often it was asked beyond the first time, and how often an answer had begun that never came whole, since the ledger was told of that last. */
export type Tries = Pick<CallRecord, 'retries' | 'brokenOff'>;

/** What an endpoint answered, of whatever kind: kept as an artifact. */
export type Answered = { readonly usage: Usage | null };

export type OnRecord<Answer> = {
  readonly answer: Answer;
  /** Artifact: the answer. */
  readonly answerHash: ArtifactHash;
};

export type OpenedCall<Answer> =
  | ({ readonly kind: 'answered' } & OnRecord<Answer>)
  | {
      readonly kind: 'go';
      /**
       * Before a further try where so many broke off: counts them and asks the caps again. Gives the answer that has come on
       * record meanwhile, else null. Throws as `openCall`.
       */
      readonly again: (brokenOff: number) => Promise<OnRecord<Answer> | null>;
      /** Gives the answer that is on record: another one where this question was asked twice and that came first. */
      readonly answered: (answer: Answer, tries: Tries) => Promise<OnRecord<Answer>>;
      readonly failed: (error: AsiError, tries: Tries) => Promise<void>;
    };

export type LedgerTools = {
  readonly bus: Pick<Bus, 'request'>;
  readonly clock: Clock;
  /** An id that no other asking of any process has. */
  readonly newId: () => string;
};

// The broker takes one message of 1 MiB; the rest is for what surrounds the body.
const largestBytes = 1_000_000;
/** An answer is paid for: the archive is waited for long before it is given up. */
const patienceMilliseconds = 120_000;

/**
 * Begins a call: its prompt is kept first, then what it can cost is reserved.
 * @throws paused `spending-capped` and `model-denied`; terminal `prompt-too-large`; retryable when the archive cannot be reached, or has
 * lost an answer
 */
export async function openCall<Answer extends Answered>(
  { bus, clock, newId }: LedgerTools,
  identity: CallIdentity,
  prompt: unknown,
  atMost: { readonly input: number; readonly output: number },
  answerSchema: z.ZodType<Answer>,
): Promise<OpenedCall<Answer>> {
  const { hash: promptHash } = await bus.request('putArtifact', asArtifact(prompt));
  const opening = newId();
  const open = async (brokenOff: number): Promise<OnRecord<Answer> | null> => {
    const opened = await bus.request('openCall', { call: { ...identity, promptHash }, atMost, opening, brokenOff });
    if (opened.kind === 'capped') throw paused('spending-capped', opened.why);
    if (opened.kind === 'denied') throw paused('model-denied', opened.why);
    return opened.kind === 'answered' ? keptAnswer(bus, opened.call, answerSchema) : null;
  };
  const known = await open(0);
  if (known) return { kind: 'answered', ...known };
  const began = clock.now().getTime();
  const close = (end: {
    answerHash: ArtifactHash | null;
    usage: Usage | null;
    retries: number;
    brokenOff: number;
    error: string | null;
    denied: boolean;
  }) =>
    bus.request(
      'closeCall',
      {
        _id: identity._id,
        seconds: (clock.now().getTime() - began) / 1000,
        ...end,
      },
      { patienceMilliseconds },
    );
  return {
    kind: 'go',
    again: open,
    answered: async (answer, { retries, brokenOff }) => {
      const { hash } = await bus.request('putArtifact', asArtifact(answer), { patienceMilliseconds });
      const end = { answerHash: hash, usage: answer.usage, retries, brokenOff, error: null, denied: false };
      const { call } = await close(end);
      return call.answerHash === hash ? { answer, answerHash: hash } : keptAnswer(bus, call, answerSchema);
    },
    failed: async ({ code, message }, { retries, brokenOff }) => {
      await close({
        answerHash: null,
        usage: null,
        retries,
        brokenOff,
        error: message,
        denied: code === 'model-denied',
      });
    },
  };
}

function asArtifact(value: unknown): { body: string; mediaType: string } {
  const artifact = { body: canonicalJson(value), mediaType: 'application/json' };
  const bytes = Buffer.byteLength(JSON.stringify(artifact));
  if (bytes > largestBytes)
    throw terminal(
      'prompt-too-large',
      `${bytes} bytes of prompt or answer are more than the archive takes (${largestBytes}): lower contextTokens or maxOutputTokens`,
    );
  return artifact;
}

async function keptAnswer<Answer>(
  bus: Pick<Bus, 'request'>,
  { _id, answerHash: hash }: CallRecord,
  schema: z.ZodType<Answer>,
): Promise<OnRecord<Answer>> {
  const answerHash = hash === null ? null : artifactHashSchema.parse(hash);
  const { body } = answerHash ? await bus.request('getArtifact', { hash: answerHash }) : { body: null };
  if (body === null || answerHash === null)
    throw retryable('answer-lost', `the archive has no answer of the call ${_id}, which it says was answered`);
  return { answer: schema.parse(JSON.parse(body)), answerHash };
}
