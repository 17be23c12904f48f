import type { Readable } from 'node:stream';

export type LineLimits = { lineBytes: number; totalBytes: number };

/** Calls back for every complete line; on more than the limits, calls `tooMuch` once and discards the rest. */
export const readLines = (
  stream: Readable,
  limits: LineLimits,
  onLine: (line: string) => void,
  tooMuch: (message: string) => void,
): void => {
  let parts: Buffer[] = [];
  let pending = 0;
  let total = 0;
  let broken = false;
  const fail = (message: string) => {
    broken = true;
    parts = [];
    tooMuch(message);
  };
  stream.on('data', (chunk: Buffer) => {
    if (broken) return;
    total += chunk.length;
    if (total > limits.totalBytes) return fail(`wrote more than ${limits.totalBytes} bytes of events`);
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0 && !broken; end = chunk.indexOf(10, from)) {
      parts.push(chunk.subarray(from, end));
      const line = Buffer.concat(parts).toString('utf8');
      parts = [];
      pending = 0;
      from = end + 1;
      if (line.length > limits.lineBytes) return fail(`wrote a line of more than ${limits.lineBytes} bytes`);
      if (line.trim() !== '') onLine(line);
    }
    parts.push(chunk.subarray(from));
    pending += chunk.length - from;
    if (pending > limits.lineBytes) fail(`wrote a line of more than ${limits.lineBytes} bytes`);
  });
};
