import type { ChatRequest } from './chat-request.ts';
import { clientOptions } from './client-options.ts';
import { mostBytesOf } from './guarded-fetch.ts';
import { PlainCompletions } from './plain-completions.ts';

/** The client for one request, set up so that nothing is sent that the settings do not say. */
export function completionsOf({ endpoint, settings, maxOutputTokens }: ChatRequest): PlainCompletions {
  const { temperature, reasoningEffort, streaming, requestSeconds, answerLimitField } = settings;
  const mostBytes = mostBytesOf(maxOutputTokens, streaming ? 'streamed' : 'whole');
  const { timeout, ...configuration } = clientOptions(endpoint, requestSeconds, mostBytes);
  const fields = {
    model: endpoint.modelName,
    apiKey: endpoint.apiKey,
    maxRetries: 0,
    timeout,
    maxTokens: maxOutputTokens,
    ...(temperature === null ? {} : { temperature }),
    ...(streaming ? {} : { streaming: false }),
    // LangChain's own field is sent only where the model's name is one of OpenAI's.
    modelKwargs: reasoningEffort === null ? {} : { reasoning_effort: reasoningEffort },
    configuration,
  };
  return new PlainCompletions(fields, answerLimitField);
}
