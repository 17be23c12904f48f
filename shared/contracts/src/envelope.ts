import { createHash } from 'node:crypto';
import { z } from 'zod';
import { messageIdSchema } from './ids.ts';

/**
 * CloudEvents 1.0 in structured JSON. The extensions `correlationid` (the experiment or campaign), `causationid` (the
 * message that caused this one), `traceparent` (W3C), `campaignid` and `attempt` let a reader follow a life through the journal alone.
 */
export const envelopeSchema = z.object({
  specversion: z.literal('1.0'),
  id: messageIdSchema,
  /** role/instance */
  source: z.string(),
  type: z.string(),
  /** The experiment, or `none`. */
  subject: z.string(),
  time: z.iso.datetime(),
  datacontenttype: z.literal('application/json'),
  correlationid: z.string(),
  causationid: z.string().optional(),
  traceparent: z.string().regex(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/),
  campaignid: z.string().optional(),
  attempt: z.number().int().optional(),
  data: z.unknown(),
});
export type Envelope = z.infer<typeof envelopeSchema>;

/** One trace per correlation (an experiment, or a campaign), one span per message. */
export function traceparentOf(correlation: string, messageId: string): string {
  const hex = (text: string, length: number) => createHash('sha256').update(text).digest('hex').slice(0, length);
  return `00-${hex(correlation, 32)}-${hex(messageId, 16)}-01`;
}
