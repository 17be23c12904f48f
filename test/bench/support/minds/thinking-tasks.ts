import { systemClock } from '@asi/contracts';
import type { Think } from '@asi/llm';
import { createComponentSums } from '@asi/statistics';
import { llmMind as analystMind } from '../../../../agents/analyst/src/llm/mind.ts';
import { loadAnalystPrompts } from '../../../../agents/analyst/src/llm/prompts.ts';
import { llmMind as judgeMind } from '../../../../agents/judge/src/llm/mind.ts';
import { loadJudgePrompts } from '../../../../agents/judge/src/llm/prompts.ts';
import { llmMind as researcherMind } from '../../../../agents/researcher/src/llm/mind.ts';
import { loadResearcherPrompts } from '../../../../agents/researcher/src/llm/prompts.ts';
import { certificate, scriptedRunner } from '../../../../agents/researcher/src/testing/scripted-runner.ts';
import type { MindsHouse } from './house.ts';

/** One piece of work of a role, whole: from the command to what it hands on. The id tells apart pieces that are alike. */
export type ThinkingTask = (experimentId: string, signal: AbortSignal) => Promise<unknown>;

/** A design (its three graphs, without a certificate), a judgement, and an analysis, on the material of a house. */
export function thinkingTasks(
  house: MindsHouse,
  think: Think,
): Readonly<Record<'design' | 'judgement' | 'analysis', ThinkingTask>> {
  const { bus } = house;
  const { finder: runners } = scriptedRunner(() => certificate('never asked'));
  const embed = () => Promise.reject(new Error('this house names no model of embeddings'));
  const prompts = loadResearcherPrompts();
  const researcher = researcherMind({ bus, runners, think, embed, prompts, defaultModel: null });
  const judge = judgeMind({ bus, think, prompts: loadJudgePrompts(), defaultModel: null });
  const analyst = analystMind({ bus, clock: systemClock, think, prompts: loadAnalystPrompts(), defaultModel: null });
  const named = <Data extends { experimentId: string }>(data: Data, experimentId: string): Data => ({
    ...data,
    experimentId,
  });
  return {
    design: async (id, signal) => {
      const command = { ...house.design, data: named(house.design.data, id) };
      const recalled = await researcher.recall(command, signal);
      const draft = await researcher.draft({ command, recalled, draw: 1, setback: null }, signal);
      const certified = {
        legal: true as const,
        proof: { certificateHash: null, parameters: 17_000, flopsPerToken: 40_000 },
        programHash: 'p',
        fingerprint: [],
      };
      return researcher.judgeNovelty?.({ command, recalled, draft, draw: 1, certified, nearest: null }, signal);
    },
    judgement: (id, signal) => judge.judge(named(house.judge, id), signal),
    analysis: async (id, signal) => {
      const data = named(house.analyse, id);
      const hits = await analyst.consult(data, signal);
      return analyst.think({ data, statistics: createComponentSums(), hits }, signal);
    },
  };
}
