import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '@asi/contracts';
import { z } from 'zod';
import { writeWhole } from '../ledger/durable-file.ts';
import { circumstancesOf } from './circumstances.ts';
import { type Examined, type ExamineOptions, examineIsolation, sameAgain } from './examine-isolation.ts';

/** However little seems to have changed: not every rule of a kernel is among the circumstances. */
const longestHours = 24;

const rememberedSchema = z.strictObject({
  circumstances: z.string(),
  at: z.iso.datetime(),
  isolation: z.strictObject({
    tier: z.int(),
    recipe: z.string(),
    hash: z.string(),
    note: z.string(),
    probes: z.array(
      z.strictObject({ name: z.string(), verdict: z.enum(['blocked', 'open', 'not-applicable']), detail: z.string() }),
    ),
  }),
});

type Remembered = z.output<typeof rememberedSchema>;

export type RememberOptions = ExamineOptions & {
  /** The file that the outcome of the last examination is kept in. */
  readonly memory: string;
  readonly clock: Clock;
};

/**
 * As examineIsolation, but takes the outcome of an earlier examination when nothing that it depends on has changed since, for at most a
 * day: the attacks take seconds in which no training could begin. A weaker tier than one that was tried is not remembered.
 */
export const rememberedExamination = async ({ memory, clock, ...options }: RememberOptions): Promise<Examined> => {
  if (options.mode === 'none') return examineIsolation(options);
  const circumstances = circumstancesOf([options.launcher, options.python]);
  const known = read(memory);
  const age = known === null ? Number.POSITIVE_INFINITY : clock.now().getTime() - Date.parse(known.at);
  if (known !== null && known.circumstances === circumstances && age >= 0 && age < longestHours * 3_600_000) {
    const { isolation, at } = known;
    const again = await sameAgain(options, { ...isolation, note: `${isolation.note}; proven at ${at}` });
    if (again !== null) return again;
  }
  const found = await examineIsolation(options);
  if (found.isolation.tier > 0 && !found.weaker)
    write(memory, { circumstances, at: clock.now().toISOString(), isolation: found.isolation });
  return found;
};

/** A place that cannot be written costs an examination at every start, and nothing else. */
const write = (path: string, remembered: Remembered): void => {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeWhole(path, `${JSON.stringify(remembered)}\n`, false);
  } catch {
    // The next start examines again.
  }
};

const read = (path: string): Remembered | null => {
  try {
    return rememberedSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
};
