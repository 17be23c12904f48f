import { hashJson, type LanguageModel } from '@asi/contracts';
import type { ChatRequest } from './chat-request.ts';
import type { ModelAnswer } from './model-answer.ts';
import type { ModelRequest, Remedies } from './model-request.ts';
import { requestOnce } from './request-once.ts';
import type { Endpoint } from './resolve-endpoint.ts';

/** A chat as a request like any other. One that asks for longer answers than the settings do stands alone. */
export const chatCall = (
  request: ChatRequest,
  { shape, question }: { readonly shape: string; readonly question: string },
): ModelRequest<ModelAnswer> => ({
  endpoint: request.endpoint,
  retries: request.settings.retries,
  remedies: chatRemedies(request.endpoint, request.settings),
  manner: request.maxOutputTokens > request.settings.maxOutputTokens ? null : mannerOf(request, shape),
  question,
  send: (signal) => requestOnce(request, signal),
});

const mannerOf = ({ endpoint, settings }: ChatRequest, shape: string): string => {
  const { temperature, reasoningEffort, structuredOutput, streaming, maxOutputTokens, answerLimitField } = settings;
  const { url, modelName } = endpoint;
  const limit = [maxOutputTokens, answerLimitField];
  return hashJson([url, modelName, temperature, reasoningEffort, structuredOutput, streaming, limit, shape]);
};

/** What a person can change where a model of chats refuses. */
export const chatRemedies = (
  { modelName }: Pick<Endpoint, 'modelName'>,
  { contextTokens, maxOutputTokens }: LanguageModel,
): Remedies => ({
  protocol: 'one of chat completions',
  alike: false,
  tooLong: `prompt and answer are longer than ${modelName} takes: lower contextTokens (${contextTokens}) or maxOutputTokens (${maxOutputTokens})`,
});
