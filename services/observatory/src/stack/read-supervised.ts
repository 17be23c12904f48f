import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const supervisedSchema = z.object({
  name: z.string(),
  state: z.string(),
  since: z.string(),
  /** How often it was started again after it had ended by itself. */
  restarts: z.number().int(),
  lastError: z.object({ message: z.string() }).nullable(),
  url: z.string().nullable(),
});
export type Supervised = z.infer<typeof supervisedSchema>;

const stackSchema = z.object({ processes: z.array(supervisedSchema) });

/**
 * What `lab` knows of the processes that it keeps running, those that answer no bus included: what `asi status --json` has as
 * `stack.supervised`. Null where something else keeps them running, which then knows how often it started them.
 * @param stackFile what lab says of its stack; null when it did not start this process
 */
export async function readSupervised(stackFile: string | null): Promise<readonly Supervised[] | null> {
  if (stackFile === null) return null;
  const text = await readFile(stackFile, 'utf8').catch(() => null);
  return text === null ? null : stackSchema.parse(JSON.parse(text)).processes;
}
