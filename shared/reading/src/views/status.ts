import { processStatusSchema } from '@asi/contracts';
import { z } from 'zod';

export const deadLetterViewSchema = z.object({
  sequence: z.number().int().describe('of the dead letter in the journal'),
  at: z.string().describe('when it was given up'),
  consumer: z.string().describe('the role that could not handle the message'),
  experimentId: z.string().nullable().describe('the experiment; null when the message was of none'),
  code: z.string().describe('stable code of the reason'),
  why: z.string().describe('in words'),
  originalSequence: z.number().int().nullable().describe('of the message in the journal'),
  originalType: z.string().nullable().describe('of the message'),
});
export type DeadLetterView = z.infer<typeof deadLetterViewSchema>;

export const statusSchema = z.object({
  processes: z.array(processStatusSchema).describe('every process that answered, with the state of its machine'),
  deadLetters: z.array(deadLetterViewSchema).describe('messages nobody could handle, newest first, at most 50'),
  deadLetterCounts: z
    .record(z.string(), z.number().int())
    .describe('all of them, by the role that could not handle them'),
  backlog: z
    .array(
      z.object({
        consumer: z.string().describe('the role'),
        waiting: z.number().int().describe('messages not delivered yet'),
        underWay: z.number().int().describe('delivered and not acknowledged yet'),
        redelivered: z.number().int().describe('delivered again, because an earlier delivery was not acknowledged'),
      }),
    )
    .describe('what each role still has to do'),
  journal: z
    .object({ lastSequence: z.number().int().describe('of its last record; 0 when it is empty') })
    .describe('the stream of all messages'),
});
export type Status = z.infer<typeof statusSchema>;
