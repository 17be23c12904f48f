import { type ProcessTools, stillWanted } from '@asi/agent-kit';
import { createEmbed, createThink } from '@asi/llm';
import type { ResearcherMind } from '../mind.ts';
import type { RunnerFinder } from '../runner-finder.ts';
import { llmMind } from './mind.ts';
import { loadResearcherPrompts } from './prompts.ts';

/** The mind with all it needs, for a process. Throws terminal `prompt-invalid` or `prompt-values` where a prompt file is broken. */
export function loadMind(
  { bus, clock, log, waits }: Pick<ProcessTools, 'bus' | 'clock' | 'log' | 'waits'>,
  runners: RunnerFinder,
  env: NodeJS.ProcessEnv,
): ResearcherMind {
  const tools = { bus, env, clock, random: { next: Math.random }, log, isWanted: stillWanted(bus), waits };
  return llmMind({
    bus,
    runners,
    think: createThink(tools),
    embed: createEmbed(tools),
    prompts: loadResearcherPrompts(),
    defaultModel: env.ASI_MODEL ?? null,
  });
}
