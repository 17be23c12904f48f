import { z } from 'zod';

export const deadLetterType = 'asi.dead-letter.v1';

/** Data of a dead letter: a message that its receiver could not handle, and why. */
export const deadLetterSchema = z.object({
  code: z.string(),
  why: z.string(),
  /** The text of the message, cut where it is very long: the whole one is in the journal at `sequence`. */
  original: z.string(),
  sequence: z.number().int(),
});
