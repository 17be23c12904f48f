import { describe, expect, test } from 'vitest';
import { createClientStream } from './client-stream.ts';

const decoder = new TextDecoder();

describe('the stream to one client', () => {
  test('makes a source wait for a client that does not read, so that nothing grows without bound', async () => {
    const client = createClientStream();
    let sent = 0;
    const source = (async () => {
      while (!client.signal.aborted) {
        await client.room();
        if (client.signal.aborted) return;
        client.send({ event: 'message', id: ++sent, data: '{}' });
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const whileAsleep = sent;
    expect(whileAsleep).toBeLessThanOrEqual(64);
    expect(client.hasRoom()).toBe(false);

    const reader = client.body.getReader();
    for (let read = 0; read < 10; read++) await reader.read();
    await expect.poll(() => sent).toBe(whileAsleep + 10);
    await reader.cancel();
    await source;
    expect(client.signal.aborted).toBe(true);
  });

  test('writes events as the standard asks, and no id where the event is none to resume from', async () => {
    const client = createClientStream();
    client.send({ event: 'message', id: 7, data: '{"a":1}' });
    client.send({ event: 'telemetry', data: '{}' });
    client.comment('heartbeat');
    const reader = client.body.getReader();
    const texts = [];
    for (let read = 0; read < 3; read++) texts.push(decoder.decode((await reader.read()).value));
    expect(texts).toEqual([
      'id: 7\nevent: message\ndata: {"a":1}\n\n',
      'event: telemetry\ndata: {}\n\n',
      ': heartbeat\n\n',
    ]);
    client.close();
    expect((await reader.read()).done).toBe(true);
  });

  test('takes no event after it was closed', async () => {
    const client = createClientStream();
    client.close();
    client.send({ event: 'message', id: 1, data: '{}' });
    await client.room();
    expect((await client.body.getReader().read()).done).toBe(true);
  });
});
