import type { LanguageModel } from '@asi/contracts';
import type { ResponseFormat } from '../shape/response-format.ts';
import type { ChatMessage } from '../thinker.ts';
import type { ModelAnswer } from './model-answer.ts';
import type { ModelRequest, Remedies } from './model-request.ts';
import { requestOnce } from './request-once.ts';
import type { Endpoint } from './resolve-endpoint.ts';

/** One request to a model: what the endpoint needs to answer it. */
export type ChatRequest = {
  readonly endpoint: Endpoint;
  readonly settings: LanguageModel;
  readonly messages: readonly ChatMessage[];
  readonly responseFormat: ResponseFormat | null;
  /** Tokens of the longest answer, reasoning included. */
  readonly maxOutputTokens: number;
};

export const chatRequest = (request: ChatRequest): ModelRequest<ModelAnswer> => ({
  endpoint: request.endpoint,
  retries: request.settings.retries,
  remedies: chatRemedies(request.endpoint, request.settings),
  send: (signal) => requestOnce(request, signal),
});

export const chatRemedies = (
  { modelName }: Pick<Endpoint, 'modelName'>,
  { contextTokens, maxOutputTokens, streaming }: LanguageModel,
): Remedies => ({
  protocol: 'one of chat completions',
  tooLong: `prompt and answer are longer than ${modelName} takes: lower contextTokens (${contextTokens}) or maxOutputTokens (${maxOutputTokens})`,
  noFirstByte: streaming
    ? null
    : 'no byte of the answer came within 300 s, the longest that Node waits for it: set streaming: true',
});
