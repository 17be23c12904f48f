import { createTaskBoard, runTask } from '@asi/agent-kit';
import type { Bus } from '@asi/bus';
import { type DataOf, type Envelope, encodeNonFinite, hashText, isAsiError, systemClock } from '@asi/contracts';
import { startRunner } from '@asi/gpu-runner';
import { createThink } from '@asi/llm';
import { type MemoryLedger, memoryLedger } from '@asi/llm/testing';
import { type Capabilities, connectRunner, type RunnerClient } from '@asi/runner-client';
import { answer, type OpenAiServer, type Script, startOpenAiServer } from '@asi/testkit/openai-server';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { engineerActors } from './actors.ts';
import { createCancellations } from './cancellations.ts';
import { llmMind } from './llm/mind.ts';
import { loadEngineerPrompts } from './llm/prompts.ts';
import { engineerMachine } from './machine.ts';
import { commandData, program as healthy, modelAt } from './testing/failed-training.ts';

/** The fake trainer reads in the first line how it is to end: this one loads no class Mixer in training, and says so in its log. */
const program = `# fake: fail-in-training\n${healthy}`;
/** This one fails as well, and its first steps show it. */
const crashing = `# fake: crash-in-steps\n${healthy}`;
/** Quality control ends this one, because it is too slow; and this one uses up its time. */
const slow = {
  'stopped-early': `# fake: end-in-training stopped-early\n${healthy}`,
  timeout: `# fake: end-in-training timeout\n${healthy}`,
} as const;
const mended = `# fake: none\n${healthy}`;
const edits = [{ search: '# fake: fail-in-training', replace: '# fake: none' }];
const probe = { diagnosis: 'I want to see it.', next: { kind: 'probe', probe: 'shapes', edits } };
const revision = {
  diagnosis: 'The first line makes it fail.',
  next: {
    kind: 'revise',
    edits,
    change: 'The first line asks for nothing any more.',
  },
};
const kept = { lost: [], kept: true, why: 'Only a comment was changed.' };

let runnerProcess: Awaited<ReturnType<typeof startRunner>>;
let runner: RunnerClient;
let capabilities: Capabilities;
beforeAll(async () => {
  runnerProcess = await startRunner({ trainer: 'fake', isolation: 'auto' });
  runner = connectRunner(runnerProcess.url);
  capabilities = await runner.capabilities();
}, 60_000);
afterAll(async () => {
  runner.close();
  await runnerProcess.stop();
});

type Published = {
  readonly name: string;
  readonly id: string;
  readonly data: DataOf<'trained'> & DataOf<'trainingFailed'>;
};

const archive = {
  checkNovelty: { twinOf: null, similarity: 0, nearest: null },
  registerRevision: { registered: true },
};

/** An engineer without its process: the real machine, actors, mind, thinker and runner around a bus in memory. */
async function engineer(script: Script) {
  const server = await startOpenAiServer({ script });
  onTestFinished(() => server.stop());
  const ledger = memoryLedger();
  for (const body of [program, crashing, ...Object.values(slow)])
    await ledger.bus.request('putArtifact', { body, mediaType: 'text/x-python' });
  const published: Published[] = [];
  const publish = async (
    { name, data: schema }: { name: string; data: { parse(data: unknown): never } },
    said: never,
  ) => {
    const { id, data } = said as { id: string; data: unknown };
    published.push({ name, id, data: schema.parse(JSON.parse(JSON.stringify(data, encodeNonFinite))) });
  };
  const bus = {
    source: 'engineer/test',
    request: async (name: 'putArtifact', request: never) =>
      (archive as Record<string, unknown>)[name] ?? ledger.bus.request(name, request),
    publish,
    publishOnce: async (definition: never, said: never) => {
      const { name } = definition as { name: string };
      const { id } = said as { id: string };
      if (published.findLast((one) => one.name === name)?.id !== id) await publish(definition, said);
    },
    emit: () => {},
  } as unknown as Bus;
  const cancellations = createCancellations();
  const think = createThink({ bus, env: { OPENAI_API_KEY: 'k' }, clock: systemClock, random: { next: () => 0 } });
  // Which probe sandbox this machine proves is not the matter here: the fake trainer runs no program.
  const isolated = () => ({ ...capabilities, isolation: { ...capabilities.isolation, tier: 2 } });
  const mind = llmMind({ bus, runner, think, prompts: loadEngineerPrompts(), capabilities: isolated });
  const minds = { llm: async () => mind };
  const machine = engineerMachine.provide({
    actors: engineerActors({ bus }, runner, isolated, cancellations, minds),
  });
  const run = (data: DataOf<'train'>, signal = new AbortController().signal) =>
    cancellations.during(data.token, () =>
      runTask(
        machine,
        { command: { envelope: {} as Envelope, data } },
        { key: 'k', experimentId: data.experimentId, board: createTaskBoard(() => new Date(0)), signal },
      ),
    );
  return { run, server, ledger, published, cancellations };
}

const command = (server: OpenAiServer, ledger: MemoryLedger, experiment: string, source = program): DataOf<'train'> => {
  expect(ledger.artifacts.has(hashText(source))).toBe(true);
  return commandData({
    experimentId: experiment as DataOf<'train'>['experimentId'],
    program: { kind: 'source', hash: hashText(source), origin: 'foreign' },
    model: modelAt(server.url),
  });
};
const jobsOf = async (experiment: string) =>
  (await runner.list({ labels: { experiment } })).map(({ jobId, kind }) => [kind, jobId]);

describe('a program that fails in training', () => {
  it('is probed, changed and trained again; a command that is delivered again pays for nothing and trains nothing', async (context) => {
    if (capabilities.isolation.tier === 0) return context.skip();
    const { run, server, ledger, published } = await engineer((request) => {
      if (request.holds('You check a repair')) return answer(kept);
      request.demand(program, 'ValueError: head', 'no class Mixer', 'A write of strength two reflects the state');
      if (request.body.messages.length === 2) return answer(probe);
      request.demand('asked for {"name": "shapes"}');
      return answer(revision);
    });
    const data = command(server, ledger, 'mend-1');
    await run(data);
    const hash = hashText(mended);
    const job = `mend-1-t1-r1-${hash.slice(0, 12)}`;
    expect(published.map(({ name }) => name)).toEqual(['started', 'started', 'trained']);
    expect(published[2]?.data).toMatchObject({
      jobId: job,
      revisions: [
        {
          programHash: hash,
          cause: { code: 'program-invalid', message: 'no class Mixer' },
          reason: 'The first line makes it fail. The first line asks for nothing any more.',
        },
      ],
    });
    expect(ledger.artifacts.get(published[2]?.data.revisions[0]?.diffHash ?? '')).toContain('+# fake: none');
    expect(published[2]?.data.revisions[0]?.calls.map((call) => ledger.calls.get(call)?.state)).toEqual([
      'answered',
      'answered',
      'answered',
    ]);
    const jobs = await jobsOf('mend-1');
    expect(jobs.map(([kind]) => kind).sort()).toEqual(['certify', 'probe', 'probe', 'probe', 'train', 'train']);

    await run(data);
    expect(server.requests).toHaveLength(3);
    expect(await jobsOf('mend-1')).toEqual(jobs);
    expect(published.length).toBeGreaterThan(3);
    expect(published.at(-1)).toEqual(published[2]);
  });

  it.for(['stopped-early', 'timeout'] as const)(
    'is mended too where it was only slow (%s): a design that would fit when written otherwise is not lost',
    async (reason, context) => {
      if (capabilities.isolation.tier === 0) return context.skip();
      const { run, server, ledger, published } = await engineer((request) => {
        if (request.holds('You check a repair')) return answer(kept);
        request.demand(slow[reason], `reason: ${reason}`, `the training ended by ${reason}`, `rule of ${reason}`);
        const edit = { search: `# fake: end-in-training ${reason}`, replace: '# fake: none' };
        return answer({ ...revision, next: { ...revision.next, edits: [edit] } });
      });
      await run(command(server, ledger, `slow-${reason}`, slow[reason]));
      expect(published.at(-1)).toMatchObject({
        name: 'trained',
        data: { revisions: [{ programHash: hashText(mended), cause: { code: reason } }] },
      });
    },
  );

  it('costs at most the call in flight when its engineer is killed in the midst of thinking', async (context) => {
    if (capabilities.isolation.tier === 0) return context.skip();
    const killed = new AbortController();
    const { run, server, ledger, published } = await engineer((request) => {
      if (!request.holds('You check a repair')) return answer(revision);
      if (killed.signal.aborted) return answer(kept);
      killed.abort();
      return answer(kept, { delayMilliseconds: 300 });
    });
    const data = command(server, ledger, 'mend-2');
    await expect(run(data, killed.signal)).rejects.toMatchObject({ kind: 'retryable', code: 'draining' });
    await run(data);
    expect(server.requests.length).toBeLessThanOrEqual(3);
    expect((await jobsOf('mend-2')).map(([kind]) => kind).sort()).toEqual([
      'certify',
      'probe',
      'probe',
      'train',
      'train',
    ]);
    expect(published.at(-1)).toMatchObject({ name: 'trained' });
  });

  it('is left alone when it is cancelled while the engineer thinks about it', async (context) => {
    if (capabilities.isolation.tier === 0) return context.skip();
    const house = await engineer(() => {
      house.cancellations.cancel('token-of-attempt-1');
      return answer(revision, { delayMilliseconds: 5000 });
    });
    await house.run(command(house.server, house.ledger, 'mend-3'));
    expect(house.published.at(-1)).toMatchObject({
      name: 'failed',
      data: { reason: { code: 'program-invalid', message: expect.stringContaining('it was cancelled meanwhile') } },
    });
    expect((await jobsOf('mend-3')).map(([kind]) => kind)).toEqual(['probe', 'train']);
  });

  it('stops at a cap of spending, and goes on from there when it is raised', async (context) => {
    if (capabilities.isolation.tier === 0) return context.skip();
    const { run, server, ledger, published } = await engineer((request) =>
      answer(request.holds('You check a repair') ? kept : revision),
    );
    const data = command(server, ledger, 'mend-4');
    ledger.cap = 'ten dollars are spent';
    const error = await run(data).catch((problem: unknown) => problem);
    expect(isAsiError(error) && error).toMatchObject({ kind: 'paused', code: 'spending-capped' });
    expect(published.map(({ name }) => name)).toEqual(['started']);
    ledger.cap = null;
    await run(data);
    expect(published.at(-1)).toMatchObject({ name: 'trained' });
  });
});

describe('a program that fails in the first steps of its training', () => {
  const change = [{ search: '# fake: crash-in-steps', replace: '# fake: none' }];

  it('is mended before any training slot is spent; a command that is delivered again pays for nothing', async (context) => {
    if (capabilities.isolation.tier === 0) return context.skip();
    const trainingsBefore: string[][] = [];
    const { run, server, ledger, published } = await engineer(async (request) => {
      trainingsBefore.push((await jobsOf('first-1')).map(([kind]) => kind ?? '').filter((kind) => kind === 'train'));
      if (request.holds('You check a repair')) return answer(kept);
      request.demand(
        crashing,
        "KeyError: 'gate'",
        'It was not trained yet',
        'A write of strength two reflects the state',
      );
      return answer({ ...revision, next: { ...revision.next, edits: change } });
    });
    const data = command(server, ledger, 'first-1', crashing);
    await run(data);
    expect(trainingsBefore).toEqual([[], []]);
    expect(published.map(({ name }) => name)).toEqual(['started', 'trained']);
    const [made, ...more] = published[1]?.data.revisions ?? [];
    expect(more).toEqual([]);
    expect(made).toMatchObject({
      programHash: hashText(mended),
      cause: {
        code: 'crashed',
        message: expect.stringMatching(/^In the first steps, which were tried before training: KeyError: 'gate'/),
      },
    });
    expect(ledger.artifacts.get(made?.cause.evidenceHash ?? '')).toContain("KeyError: 'gate'");
    const jobs = await jobsOf('first-1');
    expect(jobs.map(([kind]) => kind).sort()).toEqual(['certify', 'probe', 'probe', 'train']);

    await run(data);
    expect(server.requests).toHaveLength(2);
    expect(await jobsOf('first-1')).toEqual(jobs);
    // That it started is on record.
    expect(published.slice(2)).toEqual([published[1]]);
  });

  it('is trained as it is where nobody mends it, and fails by what its training shows', async (context) => {
    if (capabilities.isolation.tier === 0) return context.skip();
    const why = 'The crash is the idea itself and cannot be kept.';
    const { run, server, ledger, published } = await engineer(() =>
      answer({ diagnosis: 'The gate is not there.', next: { kind: 'give-up', why } }),
    );
    await run(command(server, ledger, 'first-2', crashing));
    expect(server.requests).toHaveLength(1);
    expect(published.at(-1)).toMatchObject({
      name: 'failed',
      data: { reason: { code: 'program-invalid', message: expect.stringContaining(why) }, revisions: [] },
    });
  });

  it('is left alone when it is cancelled while the engineer thinks about it', async (context) => {
    if (capabilities.isolation.tier === 0) return context.skip();
    const house = await engineer(() => {
      house.cancellations.cancel('token-of-attempt-1');
      return answer(revision, { delayMilliseconds: 5000 });
    });
    await house.run(command(house.server, house.ledger, 'first-3', crashing));
    expect(house.published.at(-1)).toMatchObject({ name: 'failed', data: { revisions: [] } });
    expect(house.server.requests).toHaveLength(1);
  });

  it('is trained at once where the campaign wants no first steps', async (context) => {
    if (capabilities.isolation.tier === 0) return context.skip();
    const { run, server, ledger, published } = await engineer(() =>
      answer({ diagnosis: 'The gate is not there.', next: { kind: 'give-up', why: 'Nothing is to be done.' } }),
    );
    const data = command(server, ledger, 'first-4', crashing);
    await run({ ...data, mending: data.mending && { ...data.mending, probeBeforeTraining: false } });
    expect((await jobsOf('first-4')).map(([kind]) => kind)).toEqual(['train']);
    expect(published.at(-1)).toMatchObject({ name: 'failed' });
  });
});
