import { replayAddress } from '@asi/contracts';
import { answer, status } from '@asi/testkit/openai-server';
import { expect, it } from 'vitest';
import { idea, startLaboratory } from '../testing/laboratory.ts';

const replaying = { baseUrl: replayAddress };

it('what is not on record in a replay holds up its own question alone: a campaign that is paused would hide which one comes first', async () => {
  const { ask, ledger } = await startLaboratory({ script: () => answer(idea), model: replaying });
  await expect(ask()).rejects.toMatchObject({ kind: 'paused', code: 'not-on-record' });
  expect([...ledger.calls.values()]).toMatchObject([{ state: 'failed', refusal: null }]);
  expect(ledger.closed).toMatchObject([{ denied: false }]);
});

it('what an endpoint refused is refused in a replay with the same error: else a whole campaign is not replayed for one filter', async () => {
  const filter = status(400, { error: { code: 'content_filter', message: 'The prompt triggered the filter.' } });
  const original = await startLaboratory({ script: () => filter });
  const error = await original.ask().catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ kind: 'terminal', code: 'model-refused' });
  const { message } = error as Error;
  const refused = { state: 'failed', refusal: { code: 'model-refused', message } };
  expect([...original.ledger.calls.values()]).toMatchObject([refused]);

  const replay = await startLaboratory({
    script: () => answer(idea),
    model: replaying,
    tools: { bus: original.ledger.bus },
  });
  await expect(replay.ask()).rejects.toMatchObject({ kind: 'terminal', code: 'model-refused', message });
  // Also after the process that was told it has died.
  await expect(replay.ask()).rejects.toMatchObject({ message });
  expect([...original.ledger.calls.values()]).toMatchObject([refused]);
  expect(replay.server.requests).toEqual([]);
});

it('what an endpoint refused is asked again where there is one: it may have been mended', async () => {
  const refusal = status(400, { error: { code: 'content_filter', message: 'no' } });
  const { ask, ledger } = await startLaboratory({ script: ({ ordinal }) => (ordinal === 1 ? refusal : answer(idea)) });
  await expect(ask()).rejects.toMatchObject({ code: 'model-refused' });
  expect((await ask()).answer).toEqual(idea);
  expect([...ledger.calls.values()]).toMatchObject([{ state: 'answered', refusal: null }]);
});
