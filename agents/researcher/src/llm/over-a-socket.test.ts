import { languageModelSchema, systemClock } from '@asi/contracts';
import { createThink } from '@asi/llm';
import {
  answer,
  type OpenAiServer,
  refusal,
  type SeenRequest,
  startOpenAiServer,
  status,
} from '@asi/testkit/openai-server';
import { afterEach, expect, test } from 'vitest';
import { baselineGenomes } from '../grammar/baseline-genomes.ts';
import { emit } from '../grammar/emit.ts';
import { designAnswer, programOf, wellDone } from '../testing/answers.ts';
import { designCommand } from '../testing/design-command.ts';
import { playDesign } from '../testing/play-design.ts';
import { scriptedBus } from '../testing/scripted-bus.ts';
import { certificate, leak, scriptedRunner } from '../testing/scripted-runner.ts';

let server: OpenAiServer;
// Throws what a script has thrown: a prompt that lacked what it must hold fails its test here.
afterEach(() => server.stop());

const shapeOf = ({ body }: SeenRequest) => body.response_format?.json_schema?.name ?? '';
const nodeOf: Readonly<Record<string, string>> = { repair: 'repair', design: 'design', novelty: 'judge-novelty' };
const leaking = programOf('mean over the sequence');

async function house(script: Parameters<typeof startOpenAiServer>[0]['script']) {
  server = await startOpenAiServer({ script });
  const bus = scriptedBus();
  const env = { OPENAI_BASE_URL: server.url };
  const think = createThink({ bus: bus.bus, env, clock: systemClock, random: { next: () => 0 } });
  const runner = scriptedRunner(({ program }) =>
    certificate('p', 'source' in program && program.source.includes('mean over') ? [leak] : []),
  );
  const command = designCommand({ model: languageModelSchema.parse({ model: 'test-model', retries: 0 }) });
  return { ...bus, play: () => playDesign(command, { bus: bus.bus, runner, think }) };
}

test('a leak is refused, repaired from the evidence, and the call of every thought stands in the ledger', async () => {
  const { play, published, calls } = await house((request) => {
    if (shapeOf(request) === 'design') request.demand(emit(baselineGenomes['delta-net']).trim(), 'c001-b01');
    if (shapeOf(request) === 'repair') request.demand(leak.message, '0.8125', 'B=2 T=34', leaking.trim());
    return answer(
      shapeOf(request) === 'design'
        ? designAnswer({ code: leaking })
        : wellDone(nodeOf[shapeOf(request)] ?? '', [{ content: request.text }]),
    );
  });
  expect(await play()).toBeNull();
  expect(server.requests.map(shapeOf)).toEqual(['design', 'repair']);
  expect(published).toMatchObject([
    { data: { design: { name: 'two-timescales', certificateFailures: 1, calls: [...calls.keys()] } } },
  ]);
  expect([...calls.values()].map(({ node, state }) => `${node} ${state}`)).toEqual([
    'design answered',
    'repair answered',
  ]);
});

test('a command that is delivered again is answered alike, and nothing is paid twice', async () => {
  const { play, published } = await house((request) =>
    answer(
      shapeOf(request) === 'design'
        ? designAnswer({ code: leaking })
        : wellDone(nodeOf[shapeOf(request)] ?? '', [{ content: request.text }]),
    ),
  );
  await play();
  const paid = server.requests.length;
  await play();
  expect(server.requests).toHaveLength(paid);
  expect(published[1]).toEqual(published[0]);
});

test('an answer without a mixer is sent back with what is wrong before a runner sees it', async () => {
  const { play, published } = await house((request) => {
    if (server.requests.length === 1) return answer(designAnswer({ code: 'def mixer(x): return x' }));
    request.demand('must define a class named Mixer');
    return answer(designAnswer());
  });
  await play();
  expect(server.requests).toHaveLength(2);
  expect(published).toMatchObject([
    { data: { design: { certificateFailures: 0, calls: [expect.any(String), expect.any(String)] } } },
  ]);
});

test.each([
  ['declines', () => refusal('I cannot help with that.'), 'model-refused'],
  ['answers in prose twice', () => answer('Here is a lovely mixer.'), 'model-answer-invalid'],
  ['writes empty programs', () => answer(designAnswer({ code: '' })), 'model-answer-invalid'],
] as const)('a model that %s ends the design with the reason', async (_, reply, code) => {
  const { play, published } = await house(reply);
  expect(await play()).toBeNull();
  expect(published).toMatchObject([{ type: 'asi.design.failed.v1', data: { reason: { code } } }]);
});

test('an endpoint that is down releases the command, so that another try is made later', async () => {
  const { play, published } = await house(() => status(503, 'overloaded'));
  expect(await play()).toMatchObject({ kind: 'retryable', code: 'model-unavailable' });
  expect(published).toEqual([]);
});
