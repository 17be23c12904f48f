import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bagOfWords } from './bag-of-words.ts';
import { bodyOf, type EmbeddingBody, inputsOf, type SeenRequest, seenChat, seenEmbedding } from './read-request.ts';
import { type OtherReply, type Reply, type Vectors, vectors } from './reply.ts';
import { sendCompletion } from './send-completion.ts';
import { sendVectors } from './send-vectors.ts';

/** Decides what a request is answered. What it throws is answered with 400, so that nobody tries again, and fails the test. */
export type Script = (request: SeenRequest) => Reply | Promise<Reply>;

/** The same for requests for embeddings. */
export type EmbeddingScript = (request: SeenRequest<EmbeddingBody>) => Vectors | OtherReply;

export type OpenAiServer = {
  /** Up to and with /v1. */
  readonly url: string;
  /** All chat requests so far, in the order in which they came. */
  readonly requests: readonly SeenRequest[];
  /** All requests for embeddings so far. */
  readonly embeddings: ReadonlyArray<SeenRequest<EmbeddingBody>>;
  /** Most chat requests that were under way at one moment. */
  readonly mostConcurrent: () => number;
  /** Ends the server and all connections; throws the first thing that the script threw. */
  stop(): Promise<void>;
};

type Options = {
  readonly script: Script;
  /** By default hashed bags of words. */
  readonly embed?: EmbeddingScript;
  /** What GET /v1/models lists. */
  readonly models?: ReadonlyArray<{ readonly id: string } & Readonly<Record<string, unknown>>>;
};

const bagsOfWords: EmbeddingScript = ({ body }) =>
  vectors(...inputsOf(body).map((text) => bagOfWords(text, body.dimensions)));

/**
 * Starts an endpoint that speaks the protocol of OpenAI's chat completions and embeddings over a real socket and answers as it is told.
 * It cuts no connection that is idle: a failure is one that the script says.
 */
export async function startOpenAiServer({
  script,
  embed = bagsOfWords,
  models = [{ id: 'test-model' }],
}: Options): Promise<OpenAiServer> {
  const requests: SeenRequest[] = [];
  const embeddings: SeenRequest<EmbeddingBody>[] = [];
  const failures: unknown[] = [];
  let underWay = 0;
  let mostConcurrent = 0;

  /** Answers one request: what the script throws is told, and what hangs up is left. */
  const served = async <Body, Answer extends OtherReply | { readonly kind: string }>(
    request: IncomingMessage,
    response: ServerResponse,
    read: (json: string) => SeenRequest<Body>,
    decide: (seen: SeenRequest<Body>) => Answer | Promise<Answer>,
    send: (seen: SeenRequest<Body>, reply: Exclude<Answer, OtherReply>, signal: AbortSignal) => Promise<void>,
  ): Promise<void> => {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    let seen: SeenRequest<Body>;
    let reply: Answer;
    try {
      seen = read(await bodyOf(request));
      reply = await decide(seen);
    } catch (error) {
      failures.push(error);
      return sendJson(response, 400, { error: { message: `the script of the test: ${String(error)}` } });
    }
    if (isOther(reply)) return sendOther(response, reply);
    // The asker may hang up while it waits; the script is done with then.
    await send(seen, reply as Exclude<Answer, OtherReply>, gone.signal).catch((error: unknown) => {
      if (!gone.signal.aborted) failures.push(error);
    });
  };

  const chat = (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    mostConcurrent = Math.max(mostConcurrent, ++underWay);
    response.once('close', () => underWay--);
    const read = (json: string) => kept(requests, seenChat(requests.length + 1, request.headers, json));
    return served(request, response, read, script, (seen, reply, signal) =>
      sendCompletion(response, seen, reply, signal),
    );
  };

  const embedding = (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const read = (json: string) => kept(embeddings, seenEmbedding(embeddings.length + 1, request.headers, json));
    return served(request, response, read, embed, (seen, reply, signal) => sendVectors(response, seen, reply, signal));
  };

  const server = createServer((request, response) => {
    const route = `${request.method} ${request.url?.split('?')[0]}`;
    if (route === 'POST /v1/chat/completions') void chat(request, response);
    else if (route === 'POST /v1/embeddings') void embedding(request, response);
    else if (route === 'GET /v1/models') sendJson(response, 200, { object: 'list', data: models });
    else sendJson(response, 404, { error: { message: `Invalid URL (${route})`, type: 'invalid_request_error' } });
  });
  // An asker whose process was busy would write to a connection that was cut as idle meanwhile, and every further try to the next one.
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    embeddings,
    mostConcurrent: () => mostConcurrent,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      if (failures.length > 0) throw failures[0];
    },
  };
}

function kept<Seen>(list: Seen[], seen: Seen): Seen {
  list.push(seen);
  return seen;
}

const isOther = (reply: { readonly kind: string }): reply is OtherReply =>
  ['status', 'page', 'reset', 'endless'].includes(reply.kind);

function sendOther(response: ServerResponse, reply: OtherReply): void {
  if (reply.kind === 'reset') response.socket?.resetAndDestroy();
  else if (reply.kind === 'page') response.writeHead(200, { 'content-type': 'text/html' }).end(reply.html);
  else if (reply.kind === 'endless') sendEndless(response, reply);
  else sendJson(response, reply.status, reply.body, reply.headers);
}

/** As fast as it is taken, until the asker hangs up. */
function sendEndless(response: ServerResponse, { contentType, beginning, piece }: OtherReply & { kind: 'endless' }) {
  response.writeHead(200, { 'content-type': contentType });
  const more = () => {
    while (!response.destroyed && response.write(piece));
  };
  response.on('drain', more);
  response.write(beginning);
  more();
}

function sendJson(response: ServerResponse, code: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(code, { 'content-type': 'application/json', ...headers });
  response.end(body === null ? '' : JSON.stringify(body));
}
