/** One event of the event stream; without an id it is never the point that a client resumes from. */
export type StreamEvent = { readonly event: string; readonly data: string; readonly id?: number };

/** One connected client. */
export type ClientStream = {
  readonly body: ReadableStream<Uint8Array>;
  /** Aborts when the client is gone or the server closes it. */
  readonly signal: AbortSignal;
  /** Resolves when the client has room for more; rejects never: check `signal` afterwards. */
  room(): Promise<void>;
  hasRoom(): boolean;
  send(event: StreamEvent): void;
  comment(text: string): void;
  close(): void;
};

/** Events queued for a client that does not read; past it, sources wait (journal) or merge (telemetry), and nothing grows. */
const queueLimit = 64;

const encoder = new TextEncoder();

/** Server-sent events in the form of the HTML standard, section 9.2.5; data is one line because it is JSON. */
export function createClientStream(): ClientStream {
  const gone = new AbortController();
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  let waiting: Array<() => void> = [];
  const wake = () => {
    const woken = waiting;
    waiting = [];
    for (const resume of woken) resume();
  };
  gone.signal.addEventListener('abort', wake, { once: true });
  const hasRoom = () => (controller?.desiredSize ?? 0) > 0;
  const write = (text: string) => {
    if (!gone.signal.aborted) controller?.enqueue(encoder.encode(text));
  };
  const body = new ReadableStream<Uint8Array>(
    {
      start: (started) => {
        controller = started;
      },
      pull: wake,
      cancel: () => gone.abort(),
    },
    new CountQueuingStrategy({ highWaterMark: queueLimit }),
  );
  return {
    body,
    signal: gone.signal,
    hasRoom,
    room: async () => {
      while (!gone.signal.aborted && !hasRoom()) await new Promise<void>((resolve) => waiting.push(resolve));
    },
    send: ({ event, data, id }) => write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${data}\n\n`),
    comment: (text) => {
      // A client with a full queue needs no sign of life: it has not read the last ones.
      if (hasRoom()) write(`: ${text}\n\n`);
    },
    close: () => {
      if (gone.signal.aborted) return;
      gone.abort();
      controller?.close();
    },
  };
}
