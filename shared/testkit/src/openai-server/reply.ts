/** Tokens as the endpoint reports them; with OpenAI `cached` is part of `input` and `reasoning` of `output`. */
export type ReportedUsage = {
  readonly input: number;
  readonly output: number;
  readonly cached?: number;
  readonly reasoning?: number;
  /** Else the sum of input and output. */
  readonly total?: number;
};

/** How a completion comes, whatever is in it. */
export type Manner = {
  /** Reported usage; null: the endpoint says nothing of it. Without it, a quarter of the characters. */
  readonly usage?: ReportedUsage | null;
  /** Usage that a stream tells with its last piece already, before that at its end. */
  readonly earlierUsage?: ReportedUsage;
  /** In place of the reason that the answer ends with by its kind. */
  readonly finishReason?: string;
  /** The model as the endpoint names it; else as it was asked for. */
  readonly model?: string;
  /** Reasoning that is told, as vLLM and DeepSeek do it. */
  readonly reasoning?: string;
  /** Silence before the first byte. */
  readonly delayMilliseconds?: number;
  /** Silence between two pieces of a stream. */
  readonly pieceMilliseconds?: number;
  /** What happens in the midst of the body: the connection is reset, it ends as if all were said, or nothing comes any more. */
  readonly breaks?: 'reset' | 'end' | 'stall';
  /** Where a stream breaks: after half of its pieces, or after the reason why it ended, so that usage and `[DONE]` are lost. */
  readonly breaksAfter?: 'half' | 'finish';
  /** An error that a stream reports in place of its second half. */
  readonly streamError?: { readonly code: string; readonly message: string };
};

export type Completion = Manner & {
  readonly kind: 'completion';
  readonly content: string | null;
  readonly refusal: string | null;
  readonly finishReason: string;
};

/** Vectors, one for each input; null in place of one: the entry holds none. A number that is not finite is sent as null in JSON. */
export type Vectors = Pick<Manner, 'usage' | 'model' | 'delayMilliseconds'> & {
  readonly kind: 'vectors';
  readonly vectors: ReadonlyArray<readonly number[] | null>;
};

/** What the server does with one request. */
export type Reply = Completion | OtherReply;

/** What any request may be answered, whatever it wants. */
export type OtherReply =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body: unknown;
      readonly headers: Readonly<Record<string, string>>;
    }
  /** A body that is no answer of a model, with status 200: what a wrong address answers. */
  | { readonly kind: 'page'; readonly html: string }
  /** The connection is reset before any answer. */
  | { readonly kind: 'reset' }
  /** A body with status 200 that has a beginning and no end. */
  | { readonly kind: 'endless'; readonly contentType: string; readonly beginning: string; readonly piece: string };

const completion = (fields: Pick<Completion, 'content' | 'refusal' | 'finishReason'>, manner: Manner): Completion => ({
  kind: 'completion',
  ...fields,
  ...manner,
});

/** A good answer: a text, or a value as JSON. */
export const answer = (content: unknown, manner: Manner = {}): Completion =>
  completion(
    { content: typeof content === 'string' ? content : JSON.stringify(content), refusal: null, finishReason: 'stop' },
    manner,
  );

/** An answer that met the longest length. */
export const truncated = (content: string, manner: Manner = {}): Completion =>
  completion({ content, refusal: null, finishReason: 'length' }, manner);

/** The model declines, in its own words. */
export const refusal = (words: string, manner: Manner = {}): Completion =>
  completion({ content: null, refusal: words, finishReason: 'stop' }, manner);

/** The filter of the endpoint cut the answer. */
export const filtered = (content = '', manner: Manner = {}): Completion =>
  completion({ content, refusal: null, finishReason: 'content_filter' }, manner);

/** Vectors as they are given, in the order of the inputs. */
export const vectors = (...given: ReadonlyArray<readonly number[] | null>): Vectors => ({
  kind: 'vectors',
  vectors: given,
});

/** An HTTP error; a text becomes the message of an error body as OpenAI writes it. */
export const status = (
  code: number,
  body: unknown = null,
  headers: Readonly<Record<string, string>> = {},
): OtherReply => ({
  kind: 'status',
  status: code,
  body: typeof body === 'string' ? { error: { message: body, type: 'error', param: null, code: null } } : body,
  headers,
});

const openAiError = (type: string, code: string, message: string) => ({ error: { message, type, param: null, code } });

/** Too many requests; with `retryAfterSeconds` the endpoint says when to come again. */
export const rateLimited = (retryAfterSeconds?: number): OtherReply =>
  status(
    429,
    openAiError('requests', 'rate_limit_exceeded', 'Rate limit reached for requests.'),
    retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) },
  );

export const quotaExhausted = (): OtherReply =>
  status(
    429,
    openAiError(
      'insufficient_quota',
      'insufficient_quota',
      'You exceeded your current quota, please check your plan and billing details.',
    ),
  );

export const contextTooLong = (): OtherReply =>
  status(
    400,
    openAiError(
      'invalid_request_error',
      'context_length_exceeded',
      "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
    ),
  );

/** As OpenAI answers a wrong key: with some of it. A careless proxy repeats all of it: give the key. */
export const wrongKey = (key = 'sk-wr**ong'): OtherReply =>
  status(401, openAiError('invalid_request_error', 'invalid_api_key', `Incorrect API key provided: ${key}.`));

export const noSuchModel = (model: string): OtherReply =>
  status(404, openAiError('invalid_request_error', 'model_not_found', `The model \`${model}\` does not exist.`));

export const page = (html = '<!doctype html><title>Welcome</title>'): OtherReply => ({ kind: 'page', html });

export const reset = (): OtherReply => ({ kind: 'reset' });

/** A JSON that is never closed. */
export const endlessJson = (): OtherReply => ({
  kind: 'endless',
  contentType: 'application/json',
  beginning: '{"object":"list","data":[],"choices"',
  piece: ' '.repeat(100_000),
});

/** A stream of words without end; in one line that never ends, where `inOneLine`. */
export const endlessStream = ({ inOneLine = false } = {}): OtherReply => {
  const words = 'word '.repeat(20_000);
  const chunk = { object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content: words } }] };
  return {
    kind: 'endless',
    contentType: 'text/event-stream',
    beginning: inOneLine ? 'data: ' : '',
    piece: inOneLine ? words : `data: ${JSON.stringify(chunk)}\n\n`,
  };
};
