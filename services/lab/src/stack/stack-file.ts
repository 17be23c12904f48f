import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readJsonFile, writeJsonFile } from './json-file.ts';
import { isAlive, killGroup, waitUntilGone } from './process-identity.ts';
import { processStateSchema } from './process-state.ts';
import type { StateFolder } from './state-folder.ts';

const schema = z.object({
  /** The process that runs the stack. */
  pid: z.number().int(),
  startTime: z.string(),
  startedAt: z.string(),
  natsUrl: z.string(),
  mongodbUrl: z.string(),
  /** False when NATS_URL and MONGODB_URL were given. */
  embedded: z.boolean(),
  runnerUrls: z.array(z.string()),
  /** Names of the environment variables with which its processes were started; null: an earlier version wrote this. */
  variables: z.array(z.string()).nullable().default(null),
  processes: z.array(processStateSchema),
});

/** What a running stack says of itself in `run/stack.json`. */
export type StackDescription = z.infer<typeof schema>;

/** Where a running stack says what it knows of its processes. */
export const stackFilePath = (folder: StateFolder): string => join(folder.run, 'stack.json');

/** The stack that runs on this state folder; null when none does. */
export function readStack(folder: StateFolder): StackDescription | null {
  const stack = readJsonFile(stackFilePath(folder), schema);
  return stack && isAlive(stack) ? stack : null;
}

/** Whether the stack that was read before still runs, and no other in its place. */
export const stillRuns = (folder: StateFolder, { pid }: Pick<StackDescription, 'pid'>): boolean =>
  readStack(folder)?.pid === pid;

export const writeStack = (folder: StateFolder, stack: StackDescription): void =>
  writeJsonFile(stackFilePath(folder), stack);

export const removeStack = (folder: StateFolder): void => rmSync(stackFilePath(folder), { force: true });

/**
 * Kills what a stack whose own process was killed has left behind. On Linux the kernel has done so already; elsewhere,
 * and for what was stopped in a debugger, this is the second net. Call it only while holding the stack lock.
 * @returns names of the processes that were still there
 */
export async function killLeftBehind(folder: StateFolder): Promise<string[]> {
  const stack = readJsonFile(stackFilePath(folder), schema);
  if (!stack || isAlive(stack)) return [];
  const left = stack.processes.flatMap(({ name, pid, startTime }) =>
    pid !== null && startTime !== null && isAlive({ pid, startTime }) ? [{ name, pid, startTime }] : [],
  );
  for (const each of left) killGroup(each);
  await Promise.all(left.map((each) => waitUntilGone(each, 5_000)));
  removeStack(folder);
  return left.map(({ name }) => name);
}
