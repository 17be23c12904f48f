import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { EmbeddingBody, SeenRequest } from './read-request.ts';
import type { Vectors } from './reply.ts';

/** Sends vectors as they were asked for: base64 of 32-bit floats, or numbers. */
export async function sendVectors(
  response: ServerResponse,
  { body, text }: SeenRequest<EmbeddingBody>,
  { vectors, usage, model, delayMilliseconds }: Vectors,
  signal: AbortSignal,
): Promise<void> {
  if (delayMilliseconds) await pause(delayMilliseconds, undefined, { signal });
  const inBase64 = body.encoding_format === 'base64';
  const tokens = usage?.input ?? Math.ceil(text.length / 4);
  const json = {
    object: 'list',
    data: vectors.map((vector, index) => ({
      object: 'embedding',
      index,
      ...(vector === null ? {} : { embedding: inBase64 ? base64Of(vector) : vector }),
    })),
    model: model ?? body.model,
    ...(usage === null ? {} : { usage: { prompt_tokens: tokens, total_tokens: tokens } }),
  };
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(json));
}

function base64Of(vector: readonly number[]): string {
  const bytes = Buffer.alloc(4 * vector.length);
  for (const [place, value] of vector.entries()) bytes.writeFloatLE(value, 4 * place);
  return bytes.toString('base64');
}
