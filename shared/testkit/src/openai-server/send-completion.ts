import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { SeenRequest } from './read-request.ts';
import type { Completion, ReportedUsage } from './reply.ts';

const pieceLength = 12;
const quarter = (text: string) => Math.ceil(text.length / 4);

/** Sends a completion as it was asked for: in one JSON body, or as server-sent events. */
export async function sendCompletion(
  response: ServerResponse,
  request: SeenRequest,
  reply: Completion,
  signal: AbortSignal,
): Promise<void> {
  if (reply.delayMilliseconds) await pause(reply.delayMilliseconds, undefined, { signal });
  if (request.body.stream) await sendEvents(response, request, reply, signal);
  else await sendJson(response, request, reply);
}

const base = ({ ordinal, body }: SeenRequest, { model }: Completion, object: string) => ({
  id: `chatcmpl-${ordinal}`,
  object,
  created: 1_700_000_000 + ordinal,
  model: model ?? body.model,
});

function usageOf({ text }: SeenRequest, { usage, content }: Completion) {
  if (usage === null) return undefined;
  return asReported(usage ?? { input: quarter(text), output: quarter(content ?? '') });
}

const asReported = ({ input, output, cached, reasoning, total }: ReportedUsage) => ({
  prompt_tokens: input,
  completion_tokens: output,
  total_tokens: total ?? input + output,
  ...(cached === undefined ? {} : { prompt_tokens_details: { cached_tokens: cached } }),
  ...(reasoning === undefined ? {} : { completion_tokens_details: { reasoning_tokens: reasoning } }),
});

async function sendJson(response: ServerResponse, request: SeenRequest, reply: Completion): Promise<void> {
  const { content, refusal, reasoning, finishReason, breaks } = reply;
  const message = {
    role: 'assistant',
    content,
    refusal,
    ...(reasoning === undefined ? {} : { reasoning_content: reasoning }),
  };
  const usage = usageOf(request, reply);
  const json = JSON.stringify({
    ...base(request, reply, 'chat.completion'),
    choices: [{ index: 0, message, finish_reason: finishReason, logprobs: null }],
    ...(usage ? { usage } : {}),
  });
  response.writeHead(200, { 'content-type': 'application/json' });
  if (!breaks) return void response.end(json);
  await written(response, json.slice(0, json.length / 2));
  breakOff(response, breaks);
}

async function sendEvents(
  response: ServerResponse,
  request: SeenRequest,
  reply: Completion,
  signal: AbortSignal,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const event = (fields: object) =>
    written(response, `data: ${JSON.stringify({ ...base(request, reply, 'chat.completion.chunk'), ...fields })}\n\n`);
  const choice = (delta: object, finish_reason: string | null = null, fields: object = {}) =>
    event({ choices: [{ index: 0, delta, finish_reason }], ...fields });
  const deltas = [
    ...piecesOf(reply.reasoning).map((reasoning_content) => ({ reasoning_content })),
    ...piecesOf(reply.content).map((content) => ({ content })),
    ...piecesOf(reply.refusal).map((refusal) => ({ refusal })),
  ];
  await choice({ role: 'assistant', content: '' });
  const half = Math.ceil(deltas.length / 2);
  const brokenOff = reply.streamError || (reply.breaks && reply.breaksAfter !== 'finish');
  for (const delta of brokenOff ? deltas.slice(0, half) : deltas) {
    await choice(delta);
    if (reply.pieceMilliseconds) await pause(reply.pieceMilliseconds, undefined, { signal });
  }
  if (reply.breaks && brokenOff) return breakOff(response, reply.breaks);
  if (reply.streamError) return void response.end(`data: ${JSON.stringify({ error: reply.streamError })}\n\n`);
  await choice({}, reply.finishReason, reply.earlierUsage ? { usage: asReported(reply.earlierUsage) } : {});
  if (reply.breaks) return breakOff(response, reply.breaks);
  const usage = request.body.stream_options?.include_usage ? usageOf(request, reply) : undefined;
  if (usage) await event({ choices: [], usage });
  response.end('data: [DONE]\n\n');
}

const piecesOf = (text: string | null | undefined): string[] =>
  text?.match(new RegExp(`.{1,${pieceLength}}`, 'gsu')) ?? [];

/** Resolves when the bytes have left, so that a reset after them does not overtake them. */
const written = (response: ServerResponse, text: string): Promise<void> =>
  new Promise((resolve) => response.write(text, () => resolve()));

function breakOff(response: ServerResponse, how: NonNullable<Completion['breaks']>): void {
  if (how === 'reset') response.socket?.resetAndDestroy();
  if (how === 'end') response.end();
}
