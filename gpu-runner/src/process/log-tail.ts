import type { Readable } from 'node:stream';

/** Keeps the last `keep` bytes of a stream and calls back once when it has carried more than `limit` bytes. */
export const logTail = (stream: Readable, keep: number, limit: number, tooMuch: () => void): (() => string) => {
  let tail = Buffer.alloc(0);
  let total = 0;
  stream.on('data', (chunk: Buffer) => {
    const before = total;
    total += chunk.length;
    tail = Buffer.concat([tail, chunk]).subarray(-keep);
    if (before <= limit && total > limit) tooMuch();
  });
  return () => tail.toString('utf8');
};
