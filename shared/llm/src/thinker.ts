import type { LanguageModel, ThinkingRole } from '@asi/contracts';
import type { z } from 'zod';

/** On whose behalf a model is asked. */
export type Purpose = {
  readonly role: ThinkingRole;
  readonly campaignId: string;
  readonly experimentId: string | null;
  /** Which try it is of the role at its step of the experiment. No part of the key: a further try gets the answers of the first. */
  readonly attempt: number;
  readonly model: LanguageModel;
};

export type ChatMessage = { readonly role: 'system' | 'user' | 'assistant'; readonly content: string };

/** One question that wants an answer of a given shape. */
export type Question<Answer> = {
  /** Which node of the role's graph asks: part of the key of the ledger. */
  readonly node: string;
  /** Tells apart questions of one node that are equal in every word but want answers of their own (repeated scoring, a second try). */
  readonly occasion: string;
  /** Hash of the prompt file that wrote the messages. */
  readonly promptVersion: string;
  readonly messages: readonly ChatMessage[];
  /** Name of the answer's shape, as the endpoint is told: letters, digits, underscores. */
  readonly shape: string;
  /** Of an object. What it demands beyond JSON Schema (lengths, refinements) is checked when the answer is read. */
  readonly schema: z.ZodType<Answer>;
};

export type Thought<Answer> = {
  readonly answer: Answer;
  /** Keys of the calls in the ledger that led to it, in order: one; a second if it was cut off or unusable, a third if both. */
  readonly calls: readonly string[];
};

/**
 * Asks a language model, with everything on the record.
 *
 * T1: an answer that the ledger has acknowledged is never paid again: equal questions on equal occasions get it back.
 * T2: a question is asked only after the ledger has reserved what it can cost.
 * T3: what comes back has the shape that was asked for, or the promise rejects.
 *
 * Rejects with
 * - terminal `model-not-configured` (no model named), `model-rejected` (the endpoint refuses this request: prompt too long,
 *   something in it or in the settings that it does not take), `model-refused` (the model declines), `model-truncated` (no end
 *   within its longest answer, also not when that was doubled), `model-answer-invalid` (not of the shape, after one repair, or
 *   too long for the archive), `prompt-too-large` (for the archive);
 * - retryable `model-unavailable` (with retryAfterMilliseconds) when the endpoint failed as often as the settings allow or its
 *   circuit is open;
 * - paused `spending-capped`, and `model-denied`: the endpoint would refuse every request (no key, a wrong one, no quota, no such
 *   model, no usable address), refused two different questions in a row, or served none for ten minutes; the archive has the
 *   campaign paused; `not-on-record`: a replay has no answer to this question, which pauses nothing;
 * - cancelled `model-cancelled` when the signal aborts: a call whose request is under way is then left open in the ledger, one
 *   between two requests is ended, and an answer that has come is kept; also before the next request when nobody waits for the
 *   attempt any more.
 *
 * What it rejects with names the calls that were answered before (`callsOf`).
 * An archive that does not answer is the bus's own retryable error.
 */
export type Thinker = {
  ask<Answer>(question: Question<Answer>): Promise<Thought<Answer>>;
};

/** Makes the thinker of one task. */
export type Think = (purpose: Purpose, signal: AbortSignal) => Thinker;
