import { z } from 'zod';
import { guardedFetch, mostBytesOf } from '../endpoint/guarded-fetch.ts';
import type { Endpoint } from '../endpoint/resolve-endpoint.ts';

const listSchema = z.object({ data: z.array(z.looseObject({ id: z.string() })) });

/** Names under which servers tell it: vLLM, OpenRouter and llama.cpp, Groq, LM Studio, Mistral. */
const fields = ['max_model_len', 'context_length', 'context_window', 'max_context_length', 'n_ctx'] as const;
const seconds = 20;

const isLength = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) > 0;

export type ToldContext = { readonly tokens: number | null; readonly detail: string };

/** What the endpoint's list of models says of the longest context; null when it says nothing. Throws only when aborted. */
export async function toldContext({ url, apiKey, modelName }: Endpoint, signal: AbortSignal): Promise<ToldContext> {
  let list: unknown;
  try {
    const response = await guardedFetch(mostBytesOf(0, 'whole'))(`${url}/models`, {
      headers: { authorization: `Bearer ${apiKey}` },
      signal: AbortSignal.any([signal, AbortSignal.timeout(seconds * 1000)]),
    });
    list = await response.json();
  } catch {
    signal.throwIfAborted();
    return { tokens: null, detail: 'the endpoint does not list its models' };
  }
  const parsed = listSchema.safeParse(list);
  if (!parsed.success) return { tokens: null, detail: 'the endpoint does not list its models' };
  const entry = parsed.data.data.find(({ id }) => id === modelName);
  if (!entry) return { tokens: null, detail: `the endpoint's list of models has no ${modelName}` };
  const told = fields.map((field) => entry[field]).find(isLength);
  return told === undefined
    ? { tokens: null, detail: 'the endpoint does not tell it' }
    : { tokens: told, detail: `${told} tokens` };
}
