import { type ProcessTools, stillWanted } from '@asi/agent-kit';
import { createThink } from '@asi/llm';
import type { AnalystMind } from '../mind.ts';
import { llmMind } from './mind.ts';
import type { AnalystPrompts } from './prompts.ts';

/** The mind with all it needs, for a process. */
export function loadMind(
  { bus, clock, log, waits }: Pick<ProcessTools, 'bus' | 'clock' | 'log' | 'waits'>,
  prompts: AnalystPrompts,
  env: NodeJS.ProcessEnv,
): AnalystMind {
  const random = { next: Math.random };
  const think = createThink({ bus, env, clock, random, log, isWanted: stillWanted(bus), waits });
  return llmMind({ bus, clock, think, prompts, defaultModel: env.ASI_MODEL ?? null });
}
