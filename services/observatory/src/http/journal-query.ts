import { z } from 'zod';

/** Filters of `GET /api/journal`. */
export const journalQuerySchema = z.object({
  kind: z.enum(['cmd', 'evt', 'adt', 'dlq'], 'kind: expected cmd, evt, adt or dlq').optional(),
  role: z.string().max(64).optional(),
  type: z.string().max(64).optional(),
  experiment: z.string().max(64).optional(),
  campaign: z.string().max(64).optional(),
  limit: z.coerce
    .number('limit: expected a number')
    .int('limit: expected a whole number')
    .min(1, 'limit: expected 1 to 1000')
    .max(1000, 'limit: expected 1 to 1000')
    .default(200),
});
export type JournalQueryParameters = z.infer<typeof journalQuerySchema>;
