import { parseRetryAfterMs } from '@langchain/core/utils/async_caller';

type Headers = { get(name: string): string | null };

const inWords = /\b(?:re)?try(?: again)?(?: in| after)\s+((?:\d+(?:\.\d+)?\s*(?:ms|[a-z]+)\s*)+)/i;
const part = /(\d+(?:\.\d+)?)\s*([a-z]+)/gi;
const milliseconds = [
  [/^(ms|milli)/, 1],
  [/^s/, 1000],
  [/^m/, 60_000],
  [/^h/, 3_600_000],
  [/^d/, 86_400_000],
] as const;

/**
 * After how many milliseconds an endpoint wants to be asked again, as its headers say (OpenAI and Azure also to the
 * millisecond) or else its words ("try again in 1m20s", "Please retry in 45.2s"); null: it does not say.
 */
export function hintOf(headers: Headers | undefined, said: string): number | null {
  const exact = headers?.get('retry-after-ms') ?? null;
  const times = [
    exact === null ? null : Number(exact),
    parseRetryAfterMs(headers?.get('retry-after')) ?? null,
    hintInWords(said),
  ];
  // An endless time is none: nobody could come again after it.
  return times.find((time) => time !== null && Number.isFinite(time) && time >= 0) ?? null;
}

function hintInWords(said: string): number | null {
  const times = [...(inWords.exec(said)?.[1] ?? '').matchAll(part)].map(([, number, unit = '']) => {
    const found = milliseconds.find(([pattern]) => pattern.test(unit.toLowerCase()));
    return found ? Number(number) * found[1] : null;
  });
  const known = times.filter((one) => one !== null);
  return known.length > 0 ? known.reduce((sum, one) => sum + one, 0) : null;
}
