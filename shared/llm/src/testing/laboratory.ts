import { type LanguageModel, languageModelSchema, systemClock } from '@asi/contracts';
import { type OpenAiServer, type Script, startOpenAiServer } from '@asi/testkit/openai-server';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { createThink, type ThinkTools } from '../create-think.ts';
import type { Purpose, Question, Thought } from '../thinker.ts';
import { type MemoryLedger, memoryLedger } from './memory-ledger.ts';

export const secretKey = 'sk-very-secret-0123456789';
export const ideaSchema = z.object({ name: z.string().min(3), size: z.number().int() });
export type Idea = z.infer<typeof ideaSchema>;
export const idea: Idea = { name: 'delta', size: 4 };

export const question: Question<Idea> = {
  node: 'design',
  occasion: '1',
  promptVersion: 'v1',
  messages: [
    { role: 'system', content: 'You design mixers.' },
    { role: 'user', content: 'Design one.' },
  ],
  shape: 'idea',
  schema: ideaSchema,
};

export type Laboratory = {
  readonly server: OpenAiServer;
  readonly ledger: MemoryLedger;
  readonly logged: string[];
  ask(changes?: Partial<Question<Idea>>, purpose?: Partial<Purpose>, withdrawal?: AbortSignal): Promise<Thought<Idea>>;
};

type Options = {
  readonly script: Script;
  readonly model?: Partial<LanguageModel>;
  readonly signal?: AbortSignal;
  readonly tools?: Partial<ThinkTools>;
};

/** A thinker against a scripted endpoint and a ledger in memory, for one test. Without a word of the endpoint it does not wait between tries. */
export async function startLaboratory({ script, model, signal, tools }: Options): Promise<Laboratory> {
  const server = await startOpenAiServer({ script });
  const ledger = memoryLedger();
  const logged: string[] = [];
  const think = createThink({
    bus: ledger.bus,
    env: { OPENAI_API_KEY: secretKey },
    clock: systemClock,
    random: { next: () => 0 },
    log: { warn: (fields, message) => logged.push(JSON.stringify([fields, message])) },
    ...tools,
  });
  const settings = languageModelSchema.parse({ baseUrl: server.url, model: 'test-model', ...model });
  onTestFinished(() => server.stop());
  return {
    server,
    ledger,
    logged,
    ask: (changes, purpose, withdrawal) =>
      think(
        { role: 'researcher', campaignId: 'c001', experimentId: 'c001-0001', attempt: 1, model: settings, ...purpose },
        withdrawal ?? signal ?? new AbortController().signal,
      ).ask({ ...question, ...changes }),
  };
}
