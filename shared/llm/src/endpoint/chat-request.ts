import type { LanguageModel } from '@asi/contracts';
import type { ResponseFormat } from '../shape/response-format.ts';
import type { ChatMessage } from '../thinker.ts';
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
