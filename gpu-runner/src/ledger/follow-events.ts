import { type FileHandle, open } from 'node:fs/promises';
import type { JobEvent, JobId } from '@asi/runner-client';
import type { JobLedger } from './job-ledger.ts';
import { decodeEvent } from './read-job-folder.ts';

const chunkBytes = 256 * 1024;

/** Reads complete lines between two offsets of a file that only grows. Invariant: `to` is the end of a line. */
async function* linesBetween(file: FileHandle, from: number, to: number): AsyncGenerator<string> {
  let rest = Buffer.alloc(0);
  for (let at = from; at < to; ) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(Math.min(chunkBytes, to - at)), 0, undefined, at);
    if (bytesRead === 0) throw new Error('the event file is shorter than its ledger says');
    at += bytesRead;
    rest = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      yield rest.toString('utf8', 0, end);
      rest = rest.subarray(end + 1);
    }
  }
}

/** Invariant: an event line begins with its sequence number, so that skipped events are not parsed. */
const sequenceOf = (line: string): number => Number(/^{"seq":(\d+)/.exec(line)?.[1]);

const wait = (change: Promise<void>, milliseconds: number, signal: AbortSignal): Promise<'change' | 'quiet'> =>
  new Promise((resolve) => {
    const quiet = () => done('quiet');
    const timer = setTimeout(quiet, milliseconds);
    const done = (what: 'change' | 'quiet') => {
      clearTimeout(timer);
      signal.removeEventListener('abort', quiet);
      resolve(what);
    };
    signal.addEventListener('abort', quiet, { once: true });
    change.then(() => done('change'));
  });

/**
 * The events of a job after `afterSeq`, from disk, then as they come; `null` is a heartbeat after a quiet time. Ends after the last event
 * or when the signal is aborted. Nothing is buffered for a slow reader: it reads the file at its own pace.
 */
export async function* followEvents(
  ledger: JobLedger,
  jobId: JobId,
  afterSeq: number,
  heartbeatMilliseconds: number,
  signal: AbortSignal,
): AsyncGenerator<JobEvent | null> {
  let offset = 0;
  let file: FileHandle | null = null;
  try {
    while (!signal.aborted) {
      const { bytes, state } = ledger.get(jobId);
      if (offset < bytes) {
        file ??= await open(ledger.eventFile(jobId), 'r');
        for await (const line of linesBetween(file, offset, bytes)) {
          if (sequenceOf(line) > afterSeq) yield decodeEvent(line);
          if (signal.aborted) return;
        }
        offset = bytes;
      } else if (state === 'finished') {
        return;
      } else if ((await wait(ledger.changed(jobId), heartbeatMilliseconds, signal)) === 'quiet' && !signal.aborted) {
        yield null;
      }
    }
  } finally {
    await file?.close();
  }
}
