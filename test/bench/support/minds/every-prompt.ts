import { languageModelSchema, systemClock, type ThinkingRole } from '@asi/contracts';
import { createThink } from '@asi/llm';
import { createComponentSums } from '@asi/statistics';
import { answer, type SeenRequest, startOpenAiServer } from '@asi/testkit/openai-server';
import { llmMind as analystMind } from '../../../../agents/analyst/src/llm/mind.ts';
import { loadAnalystPrompts } from '../../../../agents/analyst/src/llm/prompts.ts';
import { llmMind as engineerMind } from '../../../../agents/engineer/src/llm/mind.ts';
import { loadEngineerPrompts } from '../../../../agents/engineer/src/llm/prompts.ts';
import { commandData, failedTraining } from '../../../../agents/engineer/src/testing/failed-training.ts';
import { certified, probed, scriptedHouse } from '../../../../agents/engineer/src/testing/scripted-house.ts';
import { llmMind as judgeMind } from '../../../../agents/judge/src/llm/mind.ts';
import { loadJudgePrompts } from '../../../../agents/judge/src/llm/prompts.ts';
import { playDesign } from '../../../../agents/researcher/src/testing/play-design.ts';
import { certificate, leak, scriptedRunner } from '../../../../agents/researcher/src/testing/scripted-runner.ts';
import { answersWith, comparisonsIn, type Shape, type Shapes } from './answers.ts';
import { type MindsHouse, mindsHouse } from './house.ts';

/** One call as the ledger has it, with what was said. */
export type MeasuredCall = {
  readonly role: ThinkingRole;
  readonly node: string;
  /** Messages, and the schema of the answer, which endpoints count as input. */
  readonly prompt: string;
  readonly answer: string;
  /** Tokens of the prompt at most, as its role reserved them. */
  readonly reserved: number;
};

/**
 * Asks every question that the roles ask, each on the material of a campaign so far: one design whose first draft cites what
 * it was not shown and leaks, whose repair is a twin, and whose third draft is new; one program that crashes, is looked at
 * with one probe and is changed once; one judgement; one analysis that claims what the measurements do not carry.
 */
export async function everyPrompt(): Promise<MeasuredCall[]> {
  const said: Shape[] = [];
  let house: MindsHouse | null = null;
  const server = await startOpenAiServer({
    script: (request) => {
      if (!house) throw new Error('asked before the house stands');
      const shape = shapeOf(request);
      said.push(shape);
      return answer(scripted(house, shape, said.filter((one) => one === shape).length, request.text));
    },
  });
  try {
    const model = languageModelSchema.parse({ baseUrl: server.url, model: 'a-model', retries: 0 });
    house = await mindsHouse(model, ({ programHash }) => ({
      twinOf: programHash === 'old' ? 'c001-0001' : null,
      similarity: 1,
      nearest: 'c001-0001',
    }));
    await askEverything(house);
    return [...house.calls.values()].map((call) => measured(house as MindsHouse, call));
  } finally {
    await server.stop();
  }
}

async function askEverything(house: MindsHouse): Promise<void> {
  const { bus } = house;
  const think = createThink({ bus, env: {}, clock: systemClock, random: { next: () => 0 } });
  const { signal } = new AbortController();
  let drafts = 0;
  const runner = scriptedRunner(() => {
    drafts++;
    return drafts === 1 ? certificate('leaking', [leak]) : certificate(drafts === 2 ? 'old' : 'new');
  });
  const error = await playDesign(house.design, { bus, runner, think });
  if (error !== null) throw error;

  const { runner: probing, capabilities } = scriptedHouse(({ kind }) =>
    kind === 'probe' ? probed({ stdout: probeOutput }) : certified(),
  );
  const engineer = engineerMind({ bus, runner: probing, capabilities, think, prompts: loadEngineerPrompts() });
  const program = { origin: 'foreign' as const, source: house.newest.program };
  const { design } = house.analyse;
  const data = commandData({ design, model: house.design.data.model, experimentId: house.analyse.experimentId });
  const failed = failedTraining({ program, designed: program });
  const outcome = { ...failed.outcome, evidence: { worker: 'train', task: 'parity', step: '0', logTail: traceback } };
  await engineer.mend({ ...failed, outcome, command: { ...failed.command, data } }, signal);

  await judgeMind({ bus, think, prompts: loadJudgePrompts(), defaultModel: null }).judge(house.judge, signal);
  const analyst = analystMind({ bus, clock: systemClock, think, prompts: loadAnalystPrompts(), defaultModel: null });
  const hits = await analyst.consult(house.analyse, signal);
  await analyst.think({ data: house.analyse, statistics: createComponentSums(), hits }, signal);
}

const shapeOf = ({ body }: SeenRequest): Shape => (body.response_format?.json_schema?.name ?? '') as Shape;

/** The answer to the nth question of a shape, which says what is told. */
function scripted({ freshProgram, newest }: MindsHouse, shape: Shape, nth: number, told: string): Shapes[Shape] {
  const good = answersWith(freshProgram);
  switch (shape) {
    case 'design':
      return nth > 1
        ? good.design
        : {
            ...good.design,
            citations: [{ kind: 'paper', id: '2510.00000', why: 'the error as a measure of novelty' }],
          };
    case 'repair':
      return { ...good.repair, code: `${freshProgram}\n# the norm runs over features\n` };
    case 'novelty':
      return comparisonsIn(told);
    case 'mending_step':
      return nth === 1 ? firstLook : revisionOf(newest.program);
    case 'analysis':
      return nth > 1 ? good.analysis : { ...good.analysis, claims: [unfounded, { ...unfounded, id: 'c2' }] };
    default:
      return good[shape];
  }
}

const firstLook: Shapes['mending_step'] = {
  diagnosis:
    'The state has one dimension more than the keys where the length is no multiple of the chunk; which shapes fail must be seen.',
  next: { kind: 'probe', probe: 'shapes', edits: [] },
};
const revisionOf = (program: string): Shapes['mending_step'] => {
  const line = program.split('\n').find((one) => one.startsWith('class Mixer')) ?? '';
  return {
    diagnosis: 'The padding is cut off before the state is read, so that the last chunk has a shape of its own.',
    next: {
      kind: 'revise',
      edits: [{ search: line, replace: `# Lengths are padded to whole chunks and cut after reading.\n${line}` }],
      change: 'The padding now stays until the output is read, so that every chunk has the same shape.',
    },
  };
};
const unfounded: Shapes['analysis']['claims'][number] = {
  id: 'c1',
  subject: 'design',
  direction: 'better',
  size: 0.2,
  evidence: 'merit-vs-nothing',
  confidence: 0.6,
  statement:
    'The second state keeps the associations that the first one would smear, which recall between noise shows.',
};

const shapes = [1, 2, 4].flatMap((batch) => [1, 7, 63, 64, 65, 127, 128].map((length) => [batch, length] as const));
const probeOutput = shapes
  .map(([batch, length]) =>
    length % 64 === 0
      ? `B=${batch} T=${length}: [${batch}, ${length}, 64], finite, mean 0.0012, deviation 0.2731`
      : `B=${batch} T=${length}: RuntimeError: The size of tensor a (${length}) must match the size of tensor b (64) at dimension 2`,
  )
  .join('\n');
const traceback = [
  'Traceback (most recent call last):',
  '  File "trainer/worker/train.py", line 118, in run',
  '    loss = step(batch)',
  '  File "trainer/model/language_model.py", line 74, in forward',
  '    x = x + self.mixer(self.norm(x))',
  '  File "torch/nn/modules/module.py", line 1784, in _call_impl',
  '    return forward_call(*args, **kwargs)',
  '  File "<candidate>", line 143, in forward',
  '    out = out + torch.einsum("bhcd,bhde->bhce", q_chunk, state)',
  'RuntimeError: The size of tensor a (17) must match the size of tensor b (64) at non-singleton dimension 2',
].join('\n');

function measured(
  house: MindsHouse,
  call: MindsHouse['calls'] extends Map<string, infer Call> ? Call : never,
): MeasuredCall {
  const { messages, schema } = JSON.parse(house.artifacts.get(call.promptHash) ?? '') as {
    readonly messages: ReadonlyArray<{ readonly content: string }>;
    readonly schema: unknown;
  };
  const { content } = JSON.parse(house.artifacts.get(call.answerHash ?? '') ?? '{}') as { readonly content: string };
  return {
    role: call.role as ThinkingRole,
    node: call.node,
    prompt: [...messages.map((one) => one.content), JSON.stringify(schema)].join('\n'),
    answer: content,
    reserved: house.reserved.get(call._id) ?? 0,
  };
}
