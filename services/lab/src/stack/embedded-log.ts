import { z } from 'zod';

const line = z.object({
  msg: z.string(),
  code: z.string().optional(),
  fatal: z.boolean().optional(),
  natsUrl: z.string().optional(),
  mongodbUrl: z.string().optional(),
});

/** What a line of the embedded program's log means to the one who started it. */
export type EmbeddedLogLine =
  | { readonly kind: 'ready'; readonly natsUrl: string; readonly mongodbUrl: string }
  | { readonly kind: 'fatal'; readonly code: string; readonly message: string }
  | { readonly kind: 'other' };

/** Reads one line of the log that services/lab/embedded writes. */
export function readEmbeddedLogLine(text: string): EmbeddedLogLine {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: 'other' };
  }
  const parsed = line.safeParse(json);
  if (!parsed.success) return { kind: 'other' };
  const { msg, code, fatal, natsUrl, mongodbUrl } = parsed.data;
  if (fatal) return { kind: 'fatal', code: code ?? 'failed', message: msg };
  if (msg === 'ready' && natsUrl && mongodbUrl) return { kind: 'ready', natsUrl, mongodbUrl };
  return { kind: 'other' };
}
