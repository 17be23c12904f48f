import { type ProcessTools, stillWanted } from '@asi/agent-kit';
import { createThink } from '@asi/llm';
import type { JudgeMind } from '../mind.ts';
import { llmMind } from './mind.ts';
import type { JudgePrompts } from './prompts.ts';

/** The mind with all it needs, for a process. */
export function loadMind(
  { bus, clock, log, waits }: Pick<ProcessTools, 'bus' | 'clock' | 'log' | 'waits'>,
  prompts: JudgePrompts,
  env: NodeJS.ProcessEnv,
): JudgeMind {
  const random = { next: Math.random };
  const think = createThink({ bus, env, clock, random, log, isWanted: stillWanted(bus), waits });
  return llmMind({ bus, think, prompts, defaultModel: env.ASI_MODEL ?? null });
}
