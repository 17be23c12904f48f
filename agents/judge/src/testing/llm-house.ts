import type { Bus } from '@asi/bus';
import { catalogue, type HistoryEntry, languageModelSchema, systemClock } from '@asi/contracts';
import { createThink } from '@asi/llm';
import { memoryLedger } from '@asi/llm/testing';
import { type Script, startOpenAiServer } from '@asi/testkit/openai-server';
import { onTestFinished } from 'vitest';
import { llmMind } from '../llm/mind.ts';
import { loadJudgePrompts } from '../llm/prompts.ts';
import type { JudgeData } from '../mind.ts';
import { judgeData } from './judge-command.ts';

export const program = 'class Mixer(nn.Module):\n    """Reflects what it overwrites."""\n    beta = 2.0\n';
const curves = JSON.stringify({
  parity: [
    [1, 0.7011],
    [75, 0.5512],
    [150, 0.4127],
  ],
});
const parentCurves = JSON.stringify({
  parity: [
    [1, 0.7011],
    [150, 0.6777],
  ],
});

const anchorCurves = JSON.stringify({
  parity: [
    [1, 0.7011],
    [150, 0.5444],
  ],
});

type Furnishing = {
  /** The baseline of the scale: a run beside the parent, the parent itself, or none as in commands of earlier versions. */
  readonly anchor?: 'other' | 'parent';
  readonly script: Script;
  readonly program?: string;
  readonly contextTokens?: number;
  readonly data?: Parameters<typeof judgeData>[0];
};

/** The judge's mind against an endpoint of our own, with an archive and a journal in memory, and a command that fits them. */
export async function startHouse(furnishing: Furnishing) {
  const server = await startOpenAiServer({ script: furnishing.script });
  onTestFinished(() => server.stop());
  const ledger = memoryLedger();
  const keep = async (body: string) => (await ledger.bus.request('putArtifact', { body, mediaType: 'text' })).hash;
  const made = judgeData(furnishing.data);
  const parentMeasurement = { ...made.measurement, curvesHash: await keep(parentCurves) };
  const anchorMeasurement = { ...made.measurement, battery: 0.777, curvesHash: await keep(anchorCurves) };
  const { languageModelLoss, battery } = parentMeasurement;
  const bus = {
    request: ledger.bus.request,
    journal: async function* () {
      const { campaignId, attempt, token } = made;
      for (const measurement of [parentMeasurement, anchorMeasurement]) {
        const told = { campaignId, experimentId: 'c001-b00', attempt, token, jobId: 'j', measurement };
        yield { sequence: 1, envelope: { type: catalogue.trained.type, data: catalogue.trained.data.parse(told) } };
      }
    } as unknown as Bus['journal'],
  };
  const think = createThink({ bus, env: { OPENAI_API_KEY: 'key' }, clock: systemClock, random: { next: () => 0 } });
  const model = languageModelSchema.parse({
    baseUrl: server.url,
    model: 'judging-model',
    retries: 0,
    ...(furnishing.contextTokens ? { contextTokens: furnishing.contextTokens, maxOutputTokens: 1000 } : {}),
  });
  const parent = { ...(made.parent as HistoryEntry), languageModelLoss, battery };
  const other = { ...parent, experimentId: 'c001-b07' as HistoryEntry['experimentId'], battery: 0.777 };
  const data: JudgeData = {
    ...made,
    mind: 'llm',
    model,
    measurement: { ...made.measurement, curvesHash: await keep(curves) },
    design: made.design && { ...made.design, programHash: await keep(furnishing.program ?? program) },
    parent,
    ...(furnishing.anchor === undefined ? {} : { anchor: furnishing.anchor === 'parent' ? parent : other }),
  };
  const mind = llmMind({ bus, think, prompts: loadJudgePrompts(), defaultModel: null });
  return { server, ledger, mind, data, judge: () => mind.judge(data, new AbortController().signal) };
}

/** An answer of the right shape. */
export const scores = (innovation: number, complexity: number, convergence: number, by = 'by its second line') => ({
  innovation: { reason: `It writes with a reflection, ${by}.`, score: innovation },
  complexity: { reason: `It costs as much as DeltaNet, ${by}.`, score: complexity },
  convergence: { reason: `It is still falling at the end, ${by}.`, score: convergence },
});
