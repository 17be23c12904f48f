import { z } from 'zod';

/** The code of `lastError` where a process hung and was killed for it. */
export const noSignOfLife = 'no-sign-of-life';

export const processStateSchema = z.object({
  name: z.string(),
  state: z.enum(['starting', 'running', 'backing-off', 'stopping', 'stopped']),
  /** ISO time of the last change of `state`. */
  since: z.string(),
  pid: z.number().int().nullable(),
  startTime: z.string().nullable(),
  /** How often it was started again after it had ended by itself. */
  restarts: z.number().int(),
  lastExit: z.object({ at: z.string(), code: z.number().int().nullable(), signal: z.string().nullable() }).nullable(),
  /** The last error it logged before it ended: what a person should read first. */
  lastError: z.object({ code: z.string().nullable(), message: z.string() }).nullable(),
  /** ISO time of the next start while backing off. */
  retryAt: z.string().nullable(),
  url: z.string().nullable(),
});

/** What the supervisor knows of one process. */
export type ProcessState = z.infer<typeof processStateSchema>;
