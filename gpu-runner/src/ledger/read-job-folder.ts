import { existsSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { encodeNonFinite } from '@asi/contracts';
import { type JobEvent, jobEventSchema } from '@asi/runner-client';
import type { z } from 'zod';
import {
  advanced,
  type JobRecord,
  launched,
  launchSchema,
  queuedRecord,
  submissionSchema,
  summarySchema,
} from './job-record.ts';

export const files = {
  submission: 'spec.json',
  launch: 'process.json',
  events: 'events.jsonl',
  summary: 'summary.json',
} as const;

const readJson = <T extends z.ZodType>(path: string, schema: T): z.output<T> | null => {
  if (!existsSync(path)) return null;
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
};

export const readSubmission = (folder: string) => readJson(join(folder, files.submission), submissionSchema);

export const encodeEvent = (event: JobEvent): string => `${JSON.stringify(event, encodeNonFinite)}\n`;
export const decodeEvent = (line: string): JobEvent => jobEventSchema.parse(JSON.parse(line));

/** Folds the events of a job that is not finished (or whose summary was lost) and cuts off a line that a crash left half written. */
const replayEvents = (path: string, start: JobRecord): JobRecord => {
  if (!existsSync(path)) return start;
  const content = readFileSync(path);
  let record = start;
  for (let from = 0; from < content.length; ) {
    const end = content.indexOf(10, from);
    if (end < 0) break;
    try {
      record = advanced(record, decodeEvent(content.toString('utf8', from, end)), end + 1 - from);
    } catch {
      break;
    }
    from = end + 1;
  }
  if (record.bytes < content.length) truncateSync(path, record.bytes);
  return record;
};

/** The record of one job folder; null when the crash came before the submission was on disk, so nobody was told of it. */
export const readJobFolder = (folder: string): JobRecord | null => {
  const submission = readSubmission(folder);
  if (submission === null) return null;
  const queued = queuedRecord(submission);
  const launch = readJson(join(folder, files.launch), launchSchema);
  const started = launch === null ? queued : launched(queued, launch);
  const summary = readJson(join(folder, files.summary), summarySchema);
  if (summary !== null) return { ...started, ...summary, state: 'finished' };
  return replayEvents(join(folder, files.events), started);
};
