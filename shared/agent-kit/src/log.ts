import { type Logger, pino } from 'pino';

export type Log = Logger;

/** JSON lines on standard output; the supervisor keeps them per process. */
export const createLog = (role: string, instance: string, level: string): Log =>
  pino({ level, base: { role, instance }, timestamp: pino.stdTimeFunctions.isoTime });
