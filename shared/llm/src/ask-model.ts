import { hashJson } from '@asi/contracts';
import type { z } from 'zod';
import { askOnRecord, type RecordTools } from './ask-on-record.ts';
import { chatCall } from './endpoint/chat-call.ts';
import { type ModelAnswer, modelAnswerSchema } from './endpoint/model-answer.ts';
import { estimateTokens } from './history/estimate-tokens.ts';
import { type CallPrompt, callKey } from './ledger/prompt-of-call.ts';
import { askFor } from './shape/response-format.ts';
import type { ChatMessage, Purpose } from './thinker.ts';

export type AskTools = RecordTools & { readonly purpose: Purpose; readonly modelName: string };

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
 * The answer of the model to one call, on the record.
 * @throws as `askOnRecord`
 */
export async function askModel(
  call: Call,
  { purpose, modelName, ...tools }: AskTools,
  signal: AbortSignal,
): Promise<{ readonly key: string; readonly answer: ModelAnswer }> {
  const { model: settings, role, campaignId, experimentId } = purpose;
  const { temperature, reasoningEffort, structuredOutput } = settings;
  const { node, promptVersion, shape, maxOutputTokens } = call;
  const { instruction, schema, responseFormat } = askFor(shape, call.schema, structuredOutput);
  const messages = withInstruction(call.messages, instruction);
  const prompt: CallPrompt = {
    model: modelName,
    parameters: { temperature, reasoningEffort, structuredOutput, maxOutputTokens },
    messages,
    shape,
    schema,
  };
  const key = callKey(prompt, purpose, call);
  const { answer } = await askOnRecord(
    {
      identity: { _id: key, campaignId, experimentId, role, node, promptVersion, model: modelName },
      prompt,
      atMost: { input: tokensOf(messages) + estimateTokens(JSON.stringify(schema)), output: maxOutputTokens },
      form: { schema: modelAnswerSchema, shortened: withReasoning },
      requestSeconds: settings.requestSeconds,
      requestTo: (endpoint) =>
        chatCall(
          { endpoint, settings, messages, responseFormat, maxOutputTokens },
          { shape, question: hashJson(prompt) },
        ),
    },
    tools,
    signal,
  );
  return { key, answer };
}

/** Of an answer it is the reasoning that only a person reads. */
function withReasoning(answer: ModelAnswer, share: number): ModelAnswer {
  const { reasoning } = answer;
  if (reasoning === null || share === 1) return answer;
  // Not half of a pair of surrogates.
  const kept = reasoning.slice(0, share * reasoning.length).toWellFormed();
  const note = `[cut: of ${reasoning.length} characters the archive takes no more]`;
  return { ...answer, reasoning: `${kept}\n${note}` };
}

function withInstruction(messages: readonly ChatMessage[], instruction: string): readonly ChatMessage[] {
  const last = messages.at(-1);
  if (!last || instruction === '') return messages;
  return [...messages.slice(0, -1), { ...last, content: `${last.content}\n\n${instruction}` }];
}
