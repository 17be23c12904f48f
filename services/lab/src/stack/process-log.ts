import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { type Clock, isPulse } from '@asi/contracts';

/** A log file of JSON lines, one object a line, whatever the process prints. */
export interface ProcessLog {
  /** Copies what the stream says until it ends, signs of life left out; `onLine` sees each line as an object. */
  follow(stream: Readable, name: 'stdout' | 'stderr', onLine: (line: LogLine) => void): void;
  /** Adds a line of the supervisor's own. */
  add(line: LogLine): void;
  close(): void;
}

/** A line as an object. Of pino, slog and wrapped plain text alike, `msg` is the message. */
export type LogLine = { readonly msg?: unknown; readonly level?: unknown } & Readonly<Record<string, unknown>>;

export interface ProcessLogOptions {
  readonly folder: string;
  readonly name: string;
  readonly clock: Clock;
  /** The file is renamed to `<name>.1.jsonl` (and 1 to 2) when it has grown to this size. */
  readonly maximumBytes?: number;
}

const defaultMaximumBytes = 8 * 1024 * 1024;
const longestLine = 64 * 1024;
const plainLevel = { stdout: 30, stderr: 40 };

/** Opens the log of a process. A full disk loses log lines, never the process. */
export function openProcessLog(options: ProcessLogOptions): ProcessLog {
  const { folder, name, clock, maximumBytes = defaultMaximumBytes } = options;
  const path = (generation: number) => join(folder, generation === 0 ? `${name}.jsonl` : `${name}.${generation}.jsonl`);
  let file = openSync(path(0), 'a');
  let size = fstatSync(file).size;

  const rotate = () => {
    for (const generation of [1, 0]) {
      try {
        renameSync(path(generation), path(generation + 1));
      } catch {
        // There is no such generation yet.
      }
    }
    size = 0;
    // Where no file can be opened the old one is written on.
    const next = openSync(path(0), 'a');
    closeSync(file);
    file = next;
  };

  const write = (text: string) => {
    const bytes = Buffer.from(`${text}\n`);
    try {
      if (size > 0 && size + bytes.length > maximumBytes) rotate();
      writeSync(file, bytes);
      size += bytes.length;
    } catch {
      // ENOSPC: the servers' own check reports it.
    }
  };

  return {
    follow(stream, source, onLine) {
      splitLines(stream, (text) => {
        const kept = text.length > longestLine ? `${text.slice(0, longestLine)} …` : text;
        const own = parseObject(kept);
        const line = own ?? { time: clock.now().toISOString(), level: plainLevel[source], stream: source, msg: kept };
        if (!isPulse(line)) write(own ? kept : JSON.stringify(line));
        onLine(line);
      });
    },
    add: (line) => write(JSON.stringify(line)),
    close: () => closeSync(file),
  };
}

function parseObject(text: string): LogLine | null {
  if (!text.startsWith('{')) return null;
  try {
    return JSON.parse(text) as LogLine;
  } catch {
    return null;
  }
}

/** Calls back for each non-empty line; a process that never ends a line cannot fill the memory. */
function splitLines(stream: Readable, onLine: (text: string) => void): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const emit = (text: string) => {
    if (text.trim() !== '') onLine(text);
  };
  stream.on('data', (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) emit(line);
    if (rest.length > longestLine) {
      emit(rest);
      rest = '';
    }
  });
  stream.on('end', () => emit(rest + decoder.end()));
  stream.on('error', () => undefined);
}
