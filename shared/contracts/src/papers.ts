import { z } from 'zod';

/** One paper of the cognition base, in our own words. */
export const paperSchema = z.object({
  _id: z.string().describe('arXiv id, for example 2406.06484'),
  title: z.string(),
  authors: z.string(),
  year: z.number().int(),
  /** What it does and why it works. */
  summary: z.string(),
  /** Reusable design insights. */
  insights: z.array(
    z.object({
      /** The symptom in measurements that makes it worth trying. */
      symptom: z.string(),
      idea: z.string(),
      implementation: z.string(),
    }),
  ),
  components: z.array(z.string()),
});
export type Paper = z.infer<typeof paperSchema>;
