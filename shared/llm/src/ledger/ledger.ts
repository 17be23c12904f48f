import type { Bus } from '@asi/bus';
import {
  type ArtifactHash,
  type AsiError,
  artifactHashSchema,
  type CallRecord,
  type CallRefusal,
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
      /** With what the endpoint refused this question for good before; null: it did not. */
      readonly refusal: AsiError | null;
      /**
       * Before a further try where so many broke off: counts them and asks the caps again. Gives the answer that has come on
       * record meanwhile, else null. Throws as `openCall`.
       */
      readonly again: (brokenOff: number) => Promise<OnRecord<Answer> | null>;
      /** Gives the answer that is on record: another one where this question was asked twice and that came first. */
      readonly answered: (answer: Answer, tries: Tries) => Promise<OnRecord<Answer>>;
      readonly failed: (error: AsiError, tries: Tries) => Promise<void>;
    };

/** How an answer is read from its artifact, and made shorter when it is too long for one. */
export type AnswerForm<Answer> = {
  readonly schema: z.ZodType<Answer>;
  /** The answer with this share of what only a person reads, if it has such, and with a word of that. */
  readonly shortened: (answer: Answer, share: number) => Answer;
};

export type LedgerTools = {
  readonly bus: Pick<Bus, 'request'>;
  readonly clock: Clock;
  /** An id that no other asking of any process has. */
  readonly newId: () => string;
};

// The broker takes one message of 1 MiB; the rest is for what surrounds the body.
const largestBytes = 1_000_000;
/** How much may stay of an answer that is too long: the first with which it fits. */
const keptShares = [1, 1 / 2, 1 / 4, 1 / 8, 1 / 16, 0];
/**
 * How long a call waits at least where what others reserve leaves it no room, from the last of them that ended: in a crowd each has
 * its turn, and those of which none has ended for so long are lost with their processes, or wait themselves.
 */
const leastPatienceMilliseconds = 300_000;
/** An answer is paid for: the archive is waited for long before it is given up. */
const patienceMilliseconds = 120_000;

/**
 * Begins a call: its prompt is kept first, then what it can cost is reserved. Where only what is in flight leaves no room below a cap,
 * it waits for that to end.
 * @param pause waits a moment before it asks again; rejects when nobody wants the answer any more
 * @param requestSeconds how long one request may take: others may need as long
 * @throws paused `spending-capped` and `model-denied`; terminal `prompt-too-large`; retryable when the archive cannot be reached, or has
 * lost an answer. `answered` throws terminal `model-answer-invalid` where the answer is longer than an artifact; the call is ended then
 */
export async function openCall<Answer extends Answered>(
  { bus, clock, newId }: LedgerTools,
  identity: CallIdentity,
  prompt: unknown,
  atMost: { readonly input: number; readonly output: number },
  { schema, shortened }: AnswerForm<Answer>,
  { pause, requestSeconds }: { readonly pause: () => Promise<void>; readonly requestSeconds: number },
): Promise<OpenedCall<Answer>> {
  const longestWaitMilliseconds = Math.max(leastPatienceMilliseconds, requestSeconds * 1000);
  const { hash: promptHash } = await bus.request('putArtifact', promptArtifact(prompt));
  const opening = newId();
  const ask = (brokenOff: number, patient: boolean) =>
    bus.request('openCall', { call: { ...identity, promptHash }, atMost, opening, brokenOff, patient });
  const open = async (brokenOff: number): Promise<OnRecord<Answer> | null> => {
    let lastEnd = clock.now().getTime();
    let ended = 0;
    let opened = await ask(brokenOff, true);
    while (opened.kind === 'wait') {
      if (opened.ended !== ended) [lastEnd, ended] = [clock.now().getTime(), opened.ended];
      await pause();
      opened = await ask(brokenOff, clock.now().getTime() - lastEnd < longestWaitMilliseconds);
    }
    if (opened.kind === 'capped') throw paused('spending-capped', opened.why);
    if (opened.kind === 'denied') throw paused('model-denied', opened.why);
    if (opened.kind === 'answered') return keptAnswer(bus, opened.call, schema);
    refusal = opened.refusal ?? null;
    return null;
  };
  let refusal: CallRefusal | null = null;
  const known = await open(0);
  if (known) return { kind: 'answered', ...known };
  const began = clock.now().getTime();
  const close = (end: {
    answerHash: ArtifactHash | null;
    usage: Usage | null;
    retries: number;
    brokenOff: number;
    error: string | null;
    refusal: CallRefusal | null;
    denied: boolean;
  }) =>
    bus.request(
      'closeCall',
      {
        _id: identity._id,
        opening,
        seconds: (clock.now().getTime() - began) / 1000,
        ...end,
      },
      { patienceMilliseconds },
    );
  return {
    kind: 'go',
    refusal: refusedBefore(refusal),
    again: open,
    answered: async (whole, { retries, brokenOff }) => {
      const { usage } = whole;
      const fits = keptShares.find((share) => excessOf(asArtifact(shortened(whole, share))) <= 0) ?? 0;
      const answer = shortened(whole, fits);
      const artifact = asArtifact(answer);
      if (excessOf(artifact) > 0) {
        const error = tooLongToKeep(identity.model, excessOf(artifact));
        // It is paid for all the same.
        const lost = usage === null ? 1 : 0;
        const end = {
          answerHash: null,
          usage,
          retries,
          brokenOff: brokenOff + lost,
          error: error.message,
          refusal: { code: error.code, message: error.message },
          denied: false,
        };
        await close(end);
        throw error;
      }
      const { hash } = await bus.request('putArtifact', artifact, { patienceMilliseconds });
      const { call } = await close({
        answerHash: hash,
        usage,
        retries,
        brokenOff,
        error: null,
        refusal: null,
        denied: false,
      });
      return call.answerHash === hash ? { answer, answerHash: hash } : keptAnswer(bus, call, schema);
    },
    failed: async ({ kind, code, message }, { retries, brokenOff }) => {
      await close({
        answerHash: null,
        usage: null,
        retries,
        brokenOff,
        error: message,
        refusal: kind === 'terminal' ? { code, message } : null,
        denied: code === 'model-denied',
      });
    },
  };
}

const refusedBefore = (refusal: CallRefusal | null): AsiError | null =>
  refusal && terminal(refusal.code, refusal.message);

type Artifact = { readonly body: string; readonly mediaType: string };

const asArtifact = (value: unknown): Artifact => ({ body: canonicalJson(value), mediaType: 'application/json' });

/** Bytes that the archive does not take. */
const excessOf = (artifact: Artifact): number => Buffer.byteLength(JSON.stringify(artifact)) - largestBytes;

function promptArtifact(prompt: unknown): Artifact {
  const artifact = asArtifact(prompt);
  const excess = excessOf(artifact);
  if (excess > 0)
    throw terminal(
      'prompt-too-large',
      `a prompt is ${excess} bytes longer than the archive takes (${largestBytes}): lower contextTokens`,
    );
  return artifact;
}

const tooLongToKeep = (model: string, excess: number) =>
  terminal(
    'model-answer-invalid',
    `the answer of ${model} is ${excess} bytes longer than the archive takes (${largestBytes}), reasoning not counted: lower maxOutputTokens`,
  );

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
