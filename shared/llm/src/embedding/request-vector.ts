import { type EmbeddingModel, retryable, terminal, usageSchema } from '@asi/contracts';
import { OpenAI } from 'openai';
import { z } from 'zod';
import { clientOptions } from '../endpoint/client-options.ts';
import { mostBytesOf } from '../endpoint/guarded-fetch.ts';
import type { Endpoint } from '../endpoint/resolve-endpoint.ts';
import { timeLimits } from '../endpoint/time-limits.ts';
import type { EmbeddingAnswer } from './embedding-answer.ts';
import { encodeVector } from './vector-coding.ts';

export type VectorRequest = {
  readonly endpoint: Endpoint;
  readonly settings: Pick<EmbeddingModel, 'dimensions' | 'requestSeconds'>;
  readonly text: string;
};

/** As far as it matters; what is in it is judged when it is read. */
const listSchema = z.object({
  data: z.array(z.object({ embedding: z.union([z.string(), z.array(z.unknown())]).nullish() })),
  model: z.string().nullish(),
  // Where nothing is written, all tokens are those of the prompt; not every server tells both.
  usage: z.object({ prompt_tokens: z.number().optional(), total_tokens: z.number().optional() }).nullish().catch(null),
});

/**
 * Sends one request for the vector of a text and takes in its answer, whatever is in it.
 * @throws cancelled `model-cancelled` when the signal aborts; retryable `model-unavailable` when the time limit passes or
 * the endpoint reports the failure of a server behind it; terminal `model-rejected` when the answer is none of embeddings;
 * else what the SDK throws (see `failureOf`)
 */
export async function requestVector(request: VectorRequest, signal: AbortSignal): Promise<EmbeddingAnswer> {
  const { endpoint, settings, text } = request;
  const { requestSeconds, dimensions } = settings;
  const limits = timeLimits({ requestSeconds, stallSeconds: requestSeconds }, signal);
  try {
    limits.throwIfStopped();
    const options = clientOptions(endpoint, requestSeconds, mostBytesOf(0, 'whole'));
    const client = new OpenAI({ apiKey: endpoint.apiKey, maxRetries: 0, ...options });
    const { data, response } = await client.embeddings
      .create(
        {
          model: endpoint.modelName,
          input: text,
          // Every server knows it. Left out, the SDK asks for base64, and takes the lack of a vector for a failure of the network.
          encoding_format: 'float',
          ...(dimensions === null ? {} : { dimensions }),
        },
        { signal: limits.signal },
      )
      .withResponse();
    return answerIn(data, response.headers.get('content-type') ?? 'nothing', endpoint);
  } catch (error) {
    limits.throwIfStopped();
    throw error;
  } finally {
    limits.end();
  }
}

function answerIn(body: unknown, contentType: string, { withoutKey }: Endpoint): EmbeddingAnswer {
  const list = listSchema.safeParse(body);
  if (!list.success) {
    const failed = z.object({ error: z.object({ message: z.string() }) }).safeParse(body);
    if (failed.success) throw retryable('model-unavailable', `status 200 with an error: ${failed.data.error.message}`);
    throw terminal('model-rejected', `it answers with ${contentType} where an answer of embeddings should be`);
  }
  const { data, model, usage } = list.data;
  const counted = usageSchema.safeParse({
    // Zero of both is no figure: a text takes something.
    input: usage?.prompt_tokens || usage?.total_tokens || undefined,
    output: 0,
    cached: 0,
    reasoning: 0,
  });
  return {
    vector: textOf(data[0]?.embedding ?? []),
    model: model ? withoutKey(model) : null,
    usage: counted.success ? counted.data : null,
  };
}

/** Servers that know base64 only answer with it unasked. */
const textOf = (embedding: string | readonly unknown[]): string =>
  typeof embedding === 'string'
    ? Buffer.from(embedding, 'base64').toString('base64')
    : encodeVector(embedding.map((one) => (typeof one === 'number' ? one : Number.NaN)));
