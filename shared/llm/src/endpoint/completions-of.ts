import type { ChatRequest } from './chat-request.ts';
import { PlainCompletions } from './plain-completions.ts';

// The SDK stops later than we do, so that ours is the reason that is told.
const graceMilliseconds = 5000;

/** The client for one request, set up so that nothing is sent that the settings do not say. */
export function completionsOf({ endpoint, settings, maxOutputTokens }: ChatRequest): PlainCompletions {
  const { temperature, reasoningEffort, streaming, requestSeconds } = settings;
  return new PlainCompletions({
    model: endpoint.modelName,
    apiKey: endpoint.apiKey,
    maxRetries: 0,
    timeout: requestSeconds * 1000 + graceMilliseconds,
    maxTokens: maxOutputTokens,
    ...(temperature === null ? {} : { temperature }),
    ...(streaming ? {} : { streaming: false }),
    // LangChain's own field is sent only where the model's name is one of OpenAI's.
    modelKwargs: reasoningEffort === null ? {} : { reasoning_effort: reasoningEffort },
    // Null: not what OPENAI_ORGANIZATION or OPENAI_PROJECT_ID say, which are nothing to another provider.
    configuration: { baseURL: endpoint.url, organization: null, project: null, logLevel: 'off' },
  });
}
