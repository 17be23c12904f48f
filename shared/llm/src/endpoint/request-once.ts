import { retryable } from '@asi/contracts';
import {
  AIMessage,
  type AIMessageChunk,
  type BaseMessage,
  HumanMessage,
  SystemMessage,
} from '@langchain/core/messages';
import type { ChatMessage } from '../thinker.ts';
import type { ChatRequest } from './chat-request.ts';
import { completionsOf } from './completions-of.ts';
import type { ModelAnswer } from './model-answer.ts';
import { timeLimits } from './time-limits.ts';
import { toldUsageOf, usageOf } from './usage-of.ts';

const mostToldLength = 300;

type Piece = Pick<AIMessageChunk, 'content' | 'additional_kwargs' | 'response_metadata' | 'usage_metadata'>;

/**
 * Sends one request and takes in its answer, whatever is in it.
 * @param onPiece told of each piece of a stream that there is something to read in
 * @throws cancelled `model-cancelled` when the signal aborts; retryable `model-unavailable` when a time limit passes or the
 * stream breaks off; else what the SDK throws (see `failureOf`)
 */
export async function requestOnce(
  request: ChatRequest,
  signal: AbortSignal,
  onPiece: () => void = () => undefined,
): Promise<ModelAnswer> {
  const limits = timeLimits(request.settings, signal);
  const collected = collector();
  try {
    limits.throwIfStopped();
    const model = completionsOf(request);
    const messages = request.messages.map(toLangChain);
    const options = {
      signal: limits.signal,
      ...(request.responseFormat ? { response_format: request.responseFormat } : {}),
    };
    if (request.settings.streaming) {
      for await (const piece of await model.stream(messages, options)) {
        if (!collected.add(piece)) continue;
        limits.heard();
        onPiece();
      }
    } else {
      collected.add(await model.invoke(messages, options));
    }
  } catch (error) {
    // What came in full is kept, whatever happens before the stream is closed: it is paid for.
    if (!collected.answer().finishReason) {
      limits.throwIfStopped();
      throw error;
    }
  } finally {
    limits.end();
  }
  const answer = collected.answer();
  // An aborted stream ends as if all were said.
  if (!answer.finishReason) limits.throwIfStopped();
  if (!answer.finishReason && request.settings.streaming)
    throw retryable('model-unavailable', 'the stream ended in the midst of the answer');
  const { withoutKey } = request.endpoint;
  const { toldUsage, ...read } = answer;
  return {
    ...read,
    ...(read.usage === null && toldUsage !== null
      ? { unusableUsage: withoutKey(toldUsage).slice(0, mostToldLength) }
      : {}),
    content: withoutKey(answer.content),
    refusal: answer.refusal === '' ? null : withoutKey(answer.refusal),
    reasoning: answer.reasoning === '' ? null : withoutKey(answer.reasoning),
    finishReason: withoutKey(answer.finishReason) || 'stop',
    model: answer.model && withoutKey(answer.model),
  };
}

function toLangChain({ role, content }: ChatMessage): BaseMessage {
  if (role === 'system') return new SystemMessage(content);
  return role === 'user' ? new HumanMessage(content) : new AIMessage(content);
}

const textOf = (content: Piece['content']): string =>
  typeof content === 'string'
    ? content
    : content.map((block) => (typeof block === 'object' && 'text' in block ? String(block.text) : '')).join('');

const stringOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function collector() {
  const answer = {
    content: '',
    refusal: '',
    reasoning: '',
    finishReason: '',
    model: null as string | null,
    usage: null as ModelAnswer['usage'],
    toldUsage: null as string | null,
  };
  return {
    /** Whether there was something to read in the piece. */
    add: ({
      content,
      additional_kwargs: extras,
      response_metadata: metadata,
      usage_metadata: usage,
    }: Piece): boolean => {
      const read = [textOf(content), stringOf(extras.refusal), stringOf(extras.reasoning_content)] as const;
      answer.content += read[0];
      answer.refusal += read[1];
      answer.reasoning += read[2];
      answer.finishReason ||= stringOf(metadata.finish_reason);
      answer.model ??= stringOf(metadata.model_name) || null;
      answer.usage = usageOf(usage) ?? answer.usage;
      answer.toldUsage = toldUsageOf(metadata.usage) ?? answer.toldUsage;
      return read.some((text) => text !== '');
    },
    answer: () => answer,
  };
}
