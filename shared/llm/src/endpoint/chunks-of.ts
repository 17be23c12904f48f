import type { OpenAI } from 'openai';
import { mostFigures } from './most-figures.ts';

type Chunk = OpenAI.Chat.ChatCompletionChunk;
type Completion = OpenAI.Chat.ChatCompletion;

/**
 * A stream as LangChain can read it whole: it skips a choice without `delta`, and with it the reason why the answer ended;
 * and of several reports of usage it knows the last only.
 */
export async function* readableChunks(chunks: AsyncIterable<Chunk>): AsyncIterable<Chunk> {
  let usage: Chunk['usage'] = null;
  for await (const chunk of chunks) {
    for (const choice of chunk.choices ?? []) choice.delta ??= {};
    if (chunk.usage) chunk.usage = usage = mostFigures(usage, chunk.usage);
    yield chunk;
  }
}

/** A whole answer as a stream of one piece: that of a server that heeds no `stream`. */
export async function* asChunks({ choices: [choice], ...completion }: Completion): AsyncIterable<Chunk> {
  if (!choice) return;
  yield {
    ...completion,
    object: 'chat.completion.chunk',
    choices: [
      {
        index: 0,
        delta: {
          ...choice.message,
          content: textOf(choice.message?.content),
        } as OpenAI.Chat.ChatCompletionChunk.Choice.Delta,
        // What is a whole body is a whole answer, whether or not it says why it ended.
        finish_reason: choice.finish_reason ?? 'stop',
      },
    ],
  };
}

/** Some write a text as a list of parts, which LangChain leaves out of streams. */
const textOf = (content: unknown): unknown =>
  Array.isArray(content)
    ? content.map((part: { readonly text?: unknown } | null) => part?.text ?? '').join('')
    : content;
