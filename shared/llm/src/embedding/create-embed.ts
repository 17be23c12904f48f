import { randomUUID } from 'node:crypto';
import { type EmbeddingModel, embeddingNode, noPromptFile, paused, terminal } from '@asi/contracts';
import { askOnRecord } from '../ask-on-record.ts';
import type { ThinkTools } from '../create-think.ts';
import { circuitBreakers } from '../endpoint/circuit-breakers.ts';
import type { ModelRequest } from '../endpoint/model-request.ts';
import { createRejections } from '../endpoint/rejections.ts';
import { type Endpoint, resolveEndpoint } from '../endpoint/resolve-endpoint.ts';
import { estimateTokens } from '../history/estimate-tokens.ts';
import { longestPart } from '../history/longest-part.ts';
import { callKey } from '../ledger/prompt-of-call.ts';
import { withoutForeignSettings } from '../without-foreign-settings.ts';
import type { Embed } from './embedder.ts';
import { type EmbeddingAnswer, embeddingAnswerSchema } from './embedding-answer.ts';
import { readVector } from './read-vector.ts';
import { requestVector } from './request-vector.ts';
import { decodeVector } from './vector-coding.ts';

/**
 * Makes what embeds texts for a process, once per process. It has circuit breakers of its own: an endpoint may serve chats and
 * no embeddings, and neither must hide the state of the other.
 */
export function createEmbed({ bus, env, clock, random, log, newId = randomUUID, isWanted, waits }: ThinkTools): Embed {
  withoutForeignSettings(process.env);
  const breakers = circuitBreakers(clock);
  waits?.watch(breakers.waits);
  const rejections = createRejections();
  return async (text, purpose, signal) => {
    const { role, campaignId, experimentId, model: settings } = purpose;
    const { model, dimensions } = settings;
    const input = withinContext(text, settings);
    const prompt = { model, parameters: { dimensions }, input };
    const [node, promptVersion] = [embeddingNode, noPromptFile];
    const call = callKey(prompt, { role, campaignId, experimentId }, { node, promptVersion, occasion: '' });
    const { answer, answerHash } = await askOnRecord(
      {
        identity: { _id: call, campaignId, experimentId, role, node, promptVersion, model },
        prompt,
        atMost: { input: estimateTokens(input) + tokensBeside, output: 0 },
        form: { schema: embeddingAnswerSchema, shortened: (answer) => answer },
        requestSeconds: settings.requestSeconds,
        requestTo: (endpoint) => vectorRequest(endpoint, settings, input),
      },
      {
        bus,
        clock,
        newId,
        random,
        log,
        rejections,
        isStillWanted: async () => (await isWanted?.(purpose)) ?? true,
        connect: () => {
          const endpoint = resolveEndpoint(settings, env);
          return { endpoint, breaker: breakers.of(endpoint.url) };
        },
      },
      signal,
    );
    const read = readVector(answer, dimensions);
    if (!read.good) throw terminal('model-answer-invalid', `${model} gave nothing to compare with: ${read.problem}`);
    return { vector: read.vector, vectorHash: answerHash, call };
  };
}

// What a model puts before and behind a text.
const tokensBeside = 8;

const vectorRequest = (endpoint: Endpoint, settings: EmbeddingModel, text: string): ModelRequest<EmbeddingAnswer> => ({
  endpoint,
  retries: settings.retries,
  remedies: embeddingRemedies(endpoint, settings),
  // What one text is refused for, every text is: `alike` says it at the first.
  manner: null,
  question: text,
  send: async (signal) => {
    const answer = await requestVector({ endpoint, settings, text }, signal);
    const { length } = decodeVector(answer.vector);
    if (settings.dimensions !== null && length > 0 && length !== settings.dimensions)
      throw paused('model-denied', otherLength(endpoint, length, settings.dimensions));
    return answer;
  },
});

/** Every text would get such a vector: nothing to end a single design for. */
const otherLength = ({ modelName, url }: Endpoint, length: number, dimensions: number): string =>
  `${modelName} at ${url} makes vectors of ${length} numbers, and models.embedding.dimensions is ${dimensions}: set it to ${length}, or leave it out (asi run --new --campaign FILE)`;

/** What a person can change where a model of embeddings refuses. */
export const embeddingRemedies = (
  { modelName }: Pick<Endpoint, 'modelName'>,
  { contextTokens }: Pick<EmbeddingModel, 'contextTokens'>,
) => ({
  protocol: 'one of embeddings',
  alike: true,
  tooLong: `the text is longer than ${modelName} takes: lower models.embedding.contextTokens (${contextTokens})`,
});

/** The longest beginning that fits, by the estimate, which is high. */
function withinContext(text: string, { contextTokens }: EmbeddingModel): string {
  const most = contextTokens - tokensBeside;
  if (estimateTokens(text) <= most) return text;
  return longestPart(text, 'beginning', (part) => estimateTokens(part) <= most);
}
