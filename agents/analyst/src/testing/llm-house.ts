import type { Bus } from '@asi/bus';
import {
  catalogue,
  type DataOf,
  type HistoryEntry,
  languageModelSchema,
  type Paper,
  type RequestOf,
  systemClock,
} from '@asi/contracts';
import { createThink } from '@asi/llm';
import { memoryLedger } from '@asi/llm/testing';
import { createComponentSums } from '@asi/statistics';
import { type Script, startOpenAiServer } from '@asi/testkit/openai-server';
import { onTestFinished } from 'vitest';
import type { AnalysisAnswer } from '../llm/answer.ts';
import { llmMind } from '../llm/mind.ts';
import { loadAnalystPrompts } from '../llm/prompts.ts';
import type { AnalyseData } from '../mind.ts';
import { analyseData, history, measurement } from './analyse-command.ts';

export const parentProgram = 'class Mixer(nn.Module):\n    beta = 1.0\n    decay = None\n';
export const program = 'class Mixer(nn.Module):\n    beta = 2.0  # reflects\n    decay = None\n';
const siblingProgram = 'class Mixer(nn.Module):\n    beta = 1.0\n    decay = 0.9\n';

export const paper: Paper = {
  _id: '2411.12537',
  title: 'Negative eigenvalues',
  authors: 'G',
  year: 2024,
  summary: 'Reflections solve parity.',
  insights: [{ symptom: 'parity fails', idea: 'Let beta reach 2.', implementation: 'beta = 2 sigmoid(W x)' }],
  components: [],
};

type Furnishing = {
  readonly script: Script;
  readonly program?: string;
  readonly parentProgram?: string;
  readonly contextTokens?: number;
  readonly data?: Partial<DataOf<'analyse'>>;
  readonly siblings?: number;
};

/**
 * The analyst's mind against an endpoint of our own, with an archive, a literature base and a journal in memory. The design
 * is better than its parent (0.8 to 0.6) by more than the 0.138 that chance explains; its siblings are level with it.
 */
export async function startHouse({ siblings = 1, ...furnishing }: Furnishing) {
  const server = await startOpenAiServer({ script: furnishing.script });
  onTestFinished(() => server.stop());
  const ledger = memoryLedger();
  const keep = async (body: string) => (await ledger.bus.request('putArtifact', { body, mediaType: 'text' })).hash;
  const searched: string[] = [];
  const curves = await keep(
    JSON.stringify({
      parity: [
        [1, 0.7011],
        [150, 0.2502],
      ],
    }),
  );
  const parentCurves = await keep(
    JSON.stringify({
      parity: [
        [1, 0.7011],
        [150, 0.6543],
      ],
    }),
  );
  const parentMeasurement = { ...measurement(0.62, 2.05), curvesHash: parentCurves };
  const made = analyseData(furnishing.data);
  const parent: HistoryEntry = {
    ...made.parent,
    programHash: await keep(furnishing.parentProgram ?? parentProgram),
    languageModelLoss: parentMeasurement.languageModelLoss,
    battery: parentMeasurement.battery,
  };
  const bus = {
    request: (async (name: 'searchPapers', request: RequestOf<'searchPapers'>) => {
      if (name !== 'searchPapers') return ledger.bus.request(name, request as never);
      searched.push(request.query);
      return { hits: [{ paper, score: 1, matched: ['parity'] }] };
    }) as Bus['request'],
    journal: async function* () {
      const { campaignId, attempt, token } = made;
      const told = { campaignId, experimentId: parent.experimentId, attempt, token, jobId: 'j' };
      const data = catalogue.trained.data.parse({ ...told, measurement: parentMeasurement });
      yield { sequence: 1, envelope: { type: catalogue.trained.type, data } };
    } as unknown as Bus['journal'],
  };
  const think = createThink({ bus, env: { OPENAI_API_KEY: 'key' }, clock: systemClock, random: { next: () => 0 } });
  const data: AnalyseData = {
    ...made,
    mind: 'llm',
    model: languageModelSchema.parse({
      baseUrl: server.url,
      model: 'analysing-model',
      retries: 0,
      ...(furnishing.contextTokens ? { contextTokens: furnishing.contextTokens, maxOutputTokens: 1000 } : {}),
    }),
    measurement: { ...made.measurement, curvesHash: curves },
    design: { ...made.design, programHash: await keep(furnishing.program ?? program) },
    parent,
    siblings: await Promise.all(
      Array.from({ length: siblings }, async (_, i) => ({
        ...history(`c001-${String(i + 2).padStart(4, '0')}`, 0.79, ['write=delta-2', 'decay=scalar']),
        programHash: await keep(siblingProgram),
      })),
    ),
  };
  const mind = llmMind({
    bus,
    clock: { now: () => new Date(0) },
    think,
    prompts: loadAnalystPrompts(),
    defaultModel: null,
  });
  const statistics = createComponentSums();
  const signal = new AbortController().signal;
  return {
    server,
    ledger,
    searched,
    mind,
    data,
    analyse: async () => mind.think({ data, statistics, hits: await mind.consult(data, signal) }, signal),
  };
}

/** A claim that the measurements carry. */
export const founded: AnalysisAnswer['claims'][number] = {
  id: 'c1',
  subject: 'write=delta-2',
  direction: 'better',
  size: 0.2,
  evidence: 'merit-vs-c001-0001',
  confidence: 0.7,
  statement: 'The write strength reaches 2, so that the state can flip its sign.',
};

/** A claim inside the noise: the sibling is level with the design. */
export const unfounded: AnalysisAnswer['claims'][number] = {
  ...founded,
  id: 'c2',
  subject: 'decay=none',
  size: 0.01,
  evidence: 'merit-vs-c001-0002',
  statement: 'Without decay the state keeps more.',
};

export const analysisAnswer = (changes: Partial<AnalysisAnswer> = {}): AnalysisAnswer => ({
  claims: [founded],
  prediction: {
    right: { text: 'Reflection is what helped.', restsOn: ['c1'] },
    wrong: { text: 'The size was too small.', restsOn: [] },
  },
  explanations: [{ text: 'The loss falls early, as reflections make it.', restsOn: ['c1'] }],
  insights: [{ text: 'Let the write strength reach 2 where signs must flip.', restsOn: ['c1'], confidence: 0.6 }],
  citations: [{ kind: 'paper', id: '2411.12537', why: 'it speaks of parity that fails, as here' }],
  ...changes,
});
