import { type Clock, cancelled, isAsiError, paused, type Random } from '@asi/contracts';
import type { z } from 'zod';
import type { CircuitBreaker } from './endpoint/circuit-breaker.ts';
import type { ModelAnswer } from './endpoint/model-answer.ts';
import { type Asked, type Log, requestWithRetries } from './endpoint/request-with-retries.ts';
import type { Endpoint } from './endpoint/resolve-endpoint.ts';
import { estimateTokens } from './history/estimate-tokens.ts';
import { type LedgerTools, openCall } from './ledger/ledger.ts';
import { type CallPrompt, callKey } from './ledger/prompt-of-call.ts';
import { askFor } from './shape/response-format.ts';
import type { ChatMessage, Purpose } from './thinker.ts';

export type AskTools = LedgerTools & {
  readonly clock: Clock;
  readonly random: Pick<Random, 'next'>;
  readonly log: Log | undefined;
  readonly purpose: Purpose;
  readonly modelName: string;
  /** Finds the endpoint: only when it is needed, so that what is on the record needs neither address nor key. */
  readonly connect: () => { readonly endpoint: Endpoint; readonly breaker: CircuitBreaker };
};

/** One call: a question, or another try at it. */
export type Call = {
  readonly node: string;
  readonly occasion: string;
  readonly promptVersion: string;
  readonly messages: readonly ChatMessage[];
  readonly shape: string;
  readonly schema: z.ZodType;
  readonly maxOutputTokens: number;
};

// What surrounds a message, and the whole: more than any chat template is known to add.
const tokensPerMessage = 20;

/** Tokens that messages take at most. */
export const tokensOf = (messages: readonly ChatMessage[]): number =>
  messages.reduce((sum, { content }) => sum + estimateTokens(content) + tokensPerMessage, tokensPerMessage);

/**
 * The answer of the model to one call, from the ledger if it is there. Whatever a model says is its answer, also what is of
 * no use: it was paid for, and the ledger gives it back rather than pay again.
 * @throws as `Thinker` says, but for what the answer is worth
 */
export async function askModel(
  call: Call,
  { bus, clock, random, log, purpose, modelName, connect }: AskTools,
  signal: AbortSignal,
): Promise<{ readonly key: string; readonly answer: ModelAnswer }> {
  const { model: settings, role, campaignId, experimentId } = purpose;
  const { temperature, reasoningEffort, structuredOutput } = settings;
  const { node, promptVersion, shape, maxOutputTokens } = call;
  const asked = askFor(shape, call.schema, structuredOutput);
  const messages = withInstruction(call.messages, asked.instruction);
  const prompt: CallPrompt = {
    model: modelName,
    parameters: { temperature, reasoningEffort, structuredOutput, maxOutputTokens },
    messages,
    shape,
    schema: asked.schema,
  };
  const key = callKey(prompt, purpose, call);
  const throwIfAborted = () => {
    if (signal.aborted) throw cancelled('model-cancelled', 'the question to the language model was withdrawn');
  };
  throwIfAborted();
  const opened = await openCall(
    { bus, clock },
    { _id: key, campaignId, experimentId, role, node, promptVersion, model: modelName },
    prompt,
    { input: tokensOf(messages) + estimateTokens(JSON.stringify(asked.schema)), output: maxOutputTokens },
  );
  if (opened.kind === 'answered') return { key, answer: opened.answer };
  const outcome = await request();
  if (outcome.kind === 'failed') {
    await opened.failed(outcome.error, outcome);
    throw outcome.error;
  }
  // It is paid for: it goes on the record even if nobody waits for it any more.
  const answer = await opened.answered(outcome.answer, outcome);
  throwIfAborted();
  return { key, answer };

  async function request(): Promise<Asked> {
    try {
      const { endpoint, breaker } = connect();
      const { responseFormat } = asked;
      return await requestWithRetries(
        { endpoint, settings, messages, responseFormat, maxOutputTokens },
        { breaker, random, log },
        signal,
      );
    } catch (error) {
      // The key or the address is missing: nothing was asked, and nothing stays reserved.
      if (isAsiError(error) && error.kind === 'terminal')
        return { kind: 'failed', error: paused('model-denied', error.message), retries: 0, brokenOff: 0 };
      throw error;
    }
  }
}

function withInstruction(messages: readonly ChatMessage[], instruction: string): readonly ChatMessage[] {
  const last = messages.at(-1);
  if (!last || instruction === '') return messages;
  return [...messages.slice(0, -1), { ...last, content: `${last.content}\n\n${instruction}` }];
}
