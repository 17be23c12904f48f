import { z } from 'zod';
import type { LogLine } from './process-log.ts';

/** What went wrong, as a process logged it. */
export interface LoggedError {
  readonly code: string | null;
  readonly message: string;
}

// pino writes numbers (50 error, 60 fatal), slog writes words.
const isErrorLevel = (level: unknown): boolean =>
  typeof level === 'number' ? level >= 50 : level === 'error' || level === 'fatal';

// pino's serializer of errors.
const messageField = z.object({ message: z.string() });

const errorName = /^(\w*Error)(\s\[\w+\])?: \S/;

/**
 * The error in a log line, or null. Uncaught exceptions of Node and Python arrive as plain text, of which the line
 * that starts with an error's name is the message.
 */
export function errorOf(line: LogLine): LoggedError | null {
  if (typeof line.msg !== 'string') return null;
  if (line.stream === 'stderr') return errorName.test(line.msg) ? { code: null, message: line.msg } : null;
  if (!isErrorLevel(line.level)) return null;
  const cause = typeof line.err === 'string' ? line.err : messageField.safeParse(line.err).data?.message;
  return {
    code: typeof line.code === 'string' ? line.code : null,
    message: cause ? `${line.msg}: ${cause}` : line.msg,
  };
}
