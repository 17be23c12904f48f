import type { ProcessTools } from '@asi/agent-kit';
import { createThink } from '@asi/llm';
import type { AnalystMind } from '../mind.ts';
import { llmMind } from './mind.ts';

/** The mind with all it needs, for a process. Throws terminal `prompt-invalid` or `prompt-values` where a prompt file is broken. */
export function loadMind(
  { bus, clock, log }: Pick<ProcessTools, 'bus' | 'clock' | 'log'>,
  env: NodeJS.ProcessEnv,
): AnalystMind {
  const think = createThink({ bus, env, clock, random: { next: Math.random }, log });
  return llmMind({ bus, clock, think, defaultModel: env.ASI_MODEL ?? null });
}
