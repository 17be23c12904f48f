import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bodyOf, type SeenRequest, seenRequest } from './read-request.ts';
import type { Reply } from './reply.ts';
import { sendCompletion } from './send-completion.ts';

/** Decides what a request is answered. What it throws is answered with 400, so that nobody tries again, and fails the test. */
export type Script = (request: SeenRequest) => Reply | Promise<Reply>;

export type OpenAiServer = {
  /** Up to and with /v1. */
  readonly url: string;
  /** All chat requests so far, in the order in which they came. */
  readonly requests: readonly SeenRequest[];
  /** Most chat requests that were under way at one moment. */
  readonly mostConcurrent: () => number;
  /** Ends the server and all connections; throws the first thing that the script threw. */
  stop(): Promise<void>;
};

type Options = {
  readonly script: Script;
  /** What GET /v1/models lists. */
  readonly models?: ReadonlyArray<{ readonly id: string } & Readonly<Record<string, unknown>>>;
};

/** Starts an endpoint that speaks the protocol of OpenAI's chat completions over a real socket and answers as it is told. */
export async function startOpenAiServer({ script, models = [{ id: 'test-model' }] }: Options): Promise<OpenAiServer> {
  const requests: SeenRequest[] = [];
  const failures: unknown[] = [];
  let underWay = 0;
  let mostConcurrent = 0;

  const chat = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const gone = new AbortController();
    mostConcurrent = Math.max(mostConcurrent, ++underWay);
    response.once('close', () => {
      underWay--;
      gone.abort();
    });
    let seen: SeenRequest;
    let reply: Reply;
    try {
      const json = await bodyOf(request);
      seen = seenRequest(requests.length + 1, request.headers, json);
      requests.push(seen);
      reply = await script(seen);
    } catch (error) {
      failures.push(error);
      return sendJson(response, 400, { error: { message: `the script of the test: ${String(error)}` } });
    }
    if (reply.kind === 'completion')
      // The asker may hang up while it waits; the script is done with then.
      await sendCompletion(response, seen, reply, gone.signal).catch((error: unknown) => {
        if (!gone.signal.aborted) failures.push(error);
      });
    else sendOther(response, reply);
  };

  const server = createServer((request, response) => {
    const route = `${request.method} ${request.url?.split('?')[0]}`;
    if (route === 'POST /v1/chat/completions') void chat(request, response);
    else if (route === 'GET /v1/models') sendJson(response, 200, { object: 'list', data: models });
    else sendJson(response, 404, { error: { message: `Invalid URL (${route})`, type: 'invalid_request_error' } });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
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

function sendOther(response: ServerResponse, reply: Exclude<Reply, { kind: 'completion' }>): void {
  if (reply.kind === 'reset') response.socket?.resetAndDestroy();
  else if (reply.kind === 'page') response.writeHead(200, { 'content-type': 'text/html' }).end(reply.html);
  else sendJson(response, reply.status, reply.body, reply.headers);
}

function sendJson(response: ServerResponse, code: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(code, { 'content-type': 'application/json', ...headers });
  response.end(body === null ? '' : JSON.stringify(body));
}
