import { paused, terminal } from '@asi/contracts';
import { unhurriedDispatcher } from './unhurried-dispatcher.ts';

export const redirected = 'endpoint-redirects';
export const tooLong = 'answer-too-long';

const megabyte = 1024 * 1024;
const leastBytes = 4 * megabyte;
/** A token is a word or less; in a stream it comes in a JSON of its own, with all that some servers repeat in each. */
const bytesPerToken = { whole: 64, streamed: 1024 } as const;

/** The most that an answer of so many tokens can be, generously: what is longer is no answer, and would fill the memory. */
export const mostBytesOf = (tokens: number, manner: keyof typeof bytesPerToken): number =>
  leastBytes + bytesPerToken[manner] * tokens;

/**
 * `fetch` that does three things less: it follows no redirect, which would hand every prompt to a server that nobody named, it takes
 * in no more bytes than that, and it has no time limits of its own.
 * @throws paused `endpoint-redirects` naming the target; while the body is read, terminal `answer-too-long`
 */
export const guardedFetch =
  (mostBytes: number): typeof fetch =>
  async (input, init) => {
    const response = await fetch(input, {
      ...init,
      redirect: 'manual',
      dispatcher: unhurriedDispatcher,
    } as RequestInit);
    const target = response.headers.get('location');
    if (response.status >= 300 && response.status < 400 && target !== null) {
      await response.body?.cancel();
      throw paused(redirected, redirection(target, input instanceof Request ? input.url : String(input)));
    }
    if (response.body === null) return response;
    return new Response(response.body.pipeThrough(limited(mostBytes)), response);
  };

function redirection(target: string, from: string): string {
  if (!URL.canParse(target, from)) return 'it redirects to an address that is none, and that is not followed';
  // Without what may be a secret: user, password, query.
  const { origin, pathname } = new URL(target, from);
  const base = `${origin}${pathname}`.replace(/\/(chat\/completions|embeddings|models)\/?$/, '');
  return `it redirects to ${base}, which is not followed, for whoever is there would get every prompt: if it is meant to, set baseUrl to ${base}`;
}

function limited(mostBytes: number): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  let bytes = 0;
  return new TransformStream({
    transform: (piece, controller) => {
      bytes += piece.byteLength;
      if (bytes <= mostBytes) controller.enqueue(piece);
      else controller.error(terminal(tooLong, tooLongWords(mostBytes)));
    },
  });
}

const tooLongWords = (mostBytes: number): string =>
  `the answer is longer than ${Math.floor(mostBytes / megabyte)} MB, more than its most tokens can be, and was cut off: the endpoint repeats itself, does not heed maxOutputTokens, or is none of a language model`;
