import { type ProcessTools, stillWanted } from '@asi/agent-kit';
import { createThink } from '@asi/llm';
import type { AnalystMind } from '../mind.ts';
import { llmMind } from './mind.ts';
import { loadAnalystPrompts } from './prompts.ts';

/** The mind with all it needs, for a process. Throws terminal `prompt-invalid` or `prompt-values` where a prompt file is broken. */
export function loadMind(
  { bus, clock, log, waits }: Pick<ProcessTools, 'bus' | 'clock' | 'log' | 'waits'>,
  env: NodeJS.ProcessEnv,
): AnalystMind {
  const random = { next: Math.random };
  const think = createThink({ bus, env, clock, random, log, isWanted: stillWanted(bus), waits });
  return llmMind({ bus, clock, think, prompts: loadAnalystPrompts(), defaultModel: env.ASI_MODEL ?? null });
}
