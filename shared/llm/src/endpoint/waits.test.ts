import type { EndpointWait } from '@asi/contracts';
import { answer, rateLimited, type Script, status } from '@asi/testkit/openai-server';
import { expect, test } from 'vitest';
import { idea, secretKey, startLaboratory } from '../testing/laboratory.ts';

async function watched(script: Script) {
  let look: () => readonly EndpointWait[] = () => [];
  const waits = {
    watch: (one: () => readonly EndpointWait[]) => {
      look = one;
    },
  };
  const laboratory = await startLaboratory({ script, model: { retries: 0 }, tools: { waits } });
  const endpoint = new URL(laboratory.server.url).host;
  const asked = (occasion: string) => laboratory.ask({ occasion }).catch(() => undefined);
  return { ...laboratory, endpoint, asked, waits: () => look() };
}

test('an endpoint that serves nobody is told to whoever looks, and no more once it has served: else its absence is seen in a log alone', async () => {
  const { asked, endpoint, waits } = await watched(({ ordinal }) => (ordinal <= 2 ? rateLimited() : answer(idea)));
  expect(waits()).toEqual([]);
  await asked('1');
  const [wait] = waits();
  expect(wait).toMatchObject({ endpoint, reason: expect.stringContaining('Rate limit') });
  await asked('2');
  expect(waits()).toEqual([wait]);
  await asked('3');
  expect(waits()).toEqual([]);
});

test('an endpoint where nobody listens is told as one that refuses connections', async () => {
  const { asked, endpoint, server, waits } = await watched(() => answer(idea));
  await server.stop();
  await asked('1');
  expect(waits()).toMatchObject([{ endpoint, reason: expect.stringContaining('ECONNREFUSED') }]);
});

test('what an endpoint says is shown without the key and without passwords in addresses', async () => {
  const said = `upstream https://user:secret-word@inner.example:8443/v1?token=abc refuses ${secretKey}`;
  const { asked, waits } = await watched(() => status(503, said));
  await asked('1');
  const [wait] = waits();
  expect(wait?.reason).toContain('inner.example:8443');
  expect(JSON.stringify(wait)).not.toMatch(/secret|token=|user:/);
});
