export type ReceivedEvent = { readonly event: string; readonly id: number | null; readonly data: unknown };

/** A client of the event stream that, unlike a browser, reconnects only when the test says so. */
export async function* readEvents(url: string, headers: Record<string, string> = {}): AsyncGenerator<ReceivedEvent> {
  const connection = new AbortController();
  const response = await fetch(url, { headers, signal: connection.signal });
  if (!response.ok || !response.body) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of response.body) {
      rest += decoder.decode(chunk, { stream: true });
      const blocks = rest.split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const fields = new Map(
          block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
        );
        const data = fields.get('data');
        if (data === undefined) continue;
        const id = fields.get('id');
        yield {
          event: fields.get('event') ?? 'message',
          id: id === undefined ? null : Number(id),
          data: JSON.parse(data),
        };
      }
    }
  } finally {
    connection.abort();
  }
}
