import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** The fields of a chat request that scripts look at; all others are kept as they came. */
export type ChatBody = {
  readonly model: string;
  readonly messages: ReadonlyArray<{ readonly role: string; readonly content: string }>;
  readonly stream?: boolean;
  readonly stream_options?: { readonly include_usage?: boolean };
  readonly response_format?: {
    readonly type: string;
    readonly json_schema?: { readonly name: string; readonly schema: unknown; readonly strict?: boolean };
  };
  readonly max_tokens?: number;
  readonly max_completion_tokens?: number;
  readonly temperature?: number;
  readonly reasoning_effort?: string;
};

/** The fields of a request for embeddings. */
export type EmbeddingBody = {
  readonly model: string;
  readonly input: string | readonly string[];
  readonly encoding_format?: string;
  readonly dimensions?: number;
};

/** A request that the server has seen: a chat, unless it says otherwise. */
export type SeenRequest<Body = ChatBody> = {
  /** 1 for the first of its kind. */
  readonly ordinal: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Body;
  /** All messages, or all inputs, one after the other. */
  readonly text: string;
  holds(what: string | RegExp): boolean;
  /** For what a prompt must hold: what is lacking fails the request, and the test when it stops the server. */
  demand(...what: ReadonlyArray<string | RegExp>): void;
};

export async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('utf8');
}

export function seenChat(ordinal: number, headers: IncomingHttpHeaders, json: string): SeenRequest {
  const body = JSON.parse(json) as ChatBody;
  if (typeof body.model !== 'string' || !Array.isArray(body.messages)) throw new Error('no model or no messages');
  return seenRequest(ordinal, headers, body, body.messages.map(({ content }) => content).join('\n'));
}

export function seenEmbedding(ordinal: number, headers: IncomingHttpHeaders, json: string): SeenRequest<EmbeddingBody> {
  const body = JSON.parse(json) as EmbeddingBody;
  if (typeof body.model !== 'string' || inputsOf(body).some((one) => typeof one !== 'string'))
    throw new Error('no model or no input');
  return seenRequest(ordinal, headers, body, inputsOf(body).join('\n'));
}

/** The texts that vectors are wanted of, in order. */
export const inputsOf = ({ input }: EmbeddingBody): readonly string[] => (typeof input === 'string' ? [input] : input);

function seenRequest<Body>(ordinal: number, headers: IncomingHttpHeaders, body: Body, text: string): SeenRequest<Body> {
  const holds = (what: string | RegExp) => (typeof what === 'string' ? text.includes(what) : what.test(text));
  return {
    ordinal,
    headers,
    body,
    text,
    holds,
    demand: (...all) => {
      const lacking = all.filter((what) => !holds(what));
      if (lacking.length > 0) throw new Error(`request ${ordinal} lacks: ${lacking.map(String).join(' | ')}`);
    },
  };
}
