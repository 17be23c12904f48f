import { type LanguageModel, retryable, terminal } from '@asi/contracts';
import type { AIMessage, BaseMessage, BaseMessageChunk } from '@langchain/core/messages';
import { ChatOpenAICompletions } from '@langchain/openai';
import type { OpenAI } from 'openai';
import { asChunks, readableChunks } from './chunks-of.ts';

type Completions = typeof OpenAI.Chat.Completions.prototype;
type Streamed = OpenAI.Chat.ChatCompletionCreateParamsStreaming;
type Whole = OpenAI.Chat.ChatCompletionCreateParamsNonStreaming;
type Chunk = OpenAI.Chat.ChatCompletionChunk;
type Completion = OpenAI.Chat.ChatCompletion;
type LimitField = LanguageModel['answerLimitField'];

/** Fields of a message beside its content that LangChain drops, in one of its two ways. */
type Extras = { refusal?: unknown; reasoning?: unknown; reasoning_content?: unknown };

/**
 * LangChain's client of chat completions, without what gets in the way of a ledger. Measured with 1.6.0 (the last by its source):
 *
 * - ChatOpenAI sends models whose name holds `codex` or `gpt-5.6` to another protocol (Responses), whatever the endpoint;
 *   this class is the one it uses for chat completions.
 * - With a JSON schema and no streaming it parses the answer itself and throws on a truncated, filtered or non-JSON one,
 *   so that its text and its usage are lost.
 * - The refusal is dropped; in a stream without `role` the reasoning is, too.
 */
export class PlainCompletions extends ChatOpenAICompletions {
  readonly #limitField: LimitField;

  /** @param limitField what the endpoint calls the limit of an answer; null: by its address, and else as LangChain guesses */
  constructor(fields: ConstructorParameters<typeof ChatOpenAICompletions>[0], limitField: LimitField) {
    super(fields);
    this.#limitField = limitField;
  }

  override completionWithRetry(request: Streamed, options?: OpenAI.RequestOptions): Promise<AsyncIterable<Chunk>>;
  override completionWithRetry(request: Whole, options?: OpenAI.RequestOptions): Promise<Completion>;
  override async completionWithRetry(
    request: Streamed | Whole,
    options?: OpenAI.RequestOptions,
  ): Promise<AsyncIterable<Chunk> | Completion> {
    // Makes the client of the SDK on first use.
    this._getClientOptions(undefined);
    const completions: Completions = this.client.chat.completions;
    const { data, response } = await completions
      .create(
        withLimit(request, this.#limitField ?? fieldAt(this.clientConfig.baseURL)),
        options?.signal ? { signal: options.signal } : {},
      )
      .withResponse();
    const contentType = response.headers.get('content-type') ?? 'nothing';
    if (!request.stream) return completionIn(data, contentType);
    if (contentType.includes('event-stream')) return readableChunks(data as AsyncIterable<Chunk>);
    // What fails before the stream begins is told as JSON, and some servers heed no `stream`: their answer is paid for.
    if (contentType.includes('json')) return asChunks(completionIn(await jsonOf(response), contentType));
    throw notCompletion(contentType);
  }

  protected override _convertCompletionsDeltaToBaseMessageChunk(
    delta: Extras & Record<string, unknown>,
    rawResponse: Chunk,
  ): BaseMessageChunk {
    const chunk = super._convertCompletionsDeltaToBaseMessageChunk(delta, rawResponse, 'assistant');
    return withExtras(chunk, delta);
  }

  protected override _convertCompletionsMessageToBaseMessage(
    message: OpenAI.Chat.ChatCompletionMessage,
    rawResponse: Completion,
  ): BaseMessage {
    return withExtras(
      super._convertCompletionsMessageToBaseMessage(message, rawResponse) as AIMessage,
      message as Extras,
    );
  }
}

function withExtras<Message extends BaseMessage>(message: Message, extras: Extras): Message {
  const { refusal, reasoning_content, reasoning } = extras;
  if (typeof refusal === 'string') message.additional_kwargs.refusal = refusal;
  // vLLM renamed the field.
  const thought = reasoning_content ?? reasoning;
  if (typeof thought === 'string') message.additional_kwargs.reasoning_content = thought;
  return message;
}

/**
 * OpenAI's reasoning models refuse `max_tokens`, and all its models take the newer parameter; on Azure the name of a
 * deployment does not tell which model it is. Other servers may know the older one only: there LangChain's guess by the
 * name of the model stands.
 */
const fieldAt = (url: string | null | undefined): LimitField =>
  /\.(openai|azure)\.com$/.test(new URL(url ?? '').hostname) ? 'max_completion_tokens' : null;

function withLimit<Request extends Streamed | Whole>(request: Request, field: LimitField): Request {
  const { max_tokens, max_completion_tokens, ...rest } = request;
  const limit = max_completion_tokens ?? max_tokens;
  if (field === null || limit == null) return request;
  return { ...rest, ...(field === 'max_tokens' ? { max_tokens: limit } : { max_completion_tokens: limit }) } as Request;
}

const jsonOf = async (response: Response): Promise<unknown> => JSON.parse((await response.text()) || 'null');

function completionIn(body: unknown, contentType: string): Completion {
  const completion = body as (Completion & { readonly error?: { readonly message?: unknown } }) | null;
  if (completion?.choices?.[0]) return completion;
  // OpenRouter reports the failure of the server behind it this way.
  if (completion?.error) throw retryable('model-unavailable', `status 200 with an error: ${completion.error.message}`);
  throw notCompletion(contentType);
}

const notCompletion = (contentType: string) =>
  terminal('model-rejected', `it answers with ${contentType} where an answer of chat completions should be`);
