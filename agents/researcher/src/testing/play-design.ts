import { createOrderedSerial, createTaskBoard, type OrderedSerial } from '@asi/agent-kit';
import type { Embed, Think } from '@asi/llm';
import { researcherActors } from '../actors.ts';
import { createBaselineRegister } from '../baseline-register.ts';
import { llmMind } from '../llm/mind.ts';
import { loadResearcherPrompts } from '../llm/prompts.ts';
import { type DesignCommand, researcherMachine } from '../machine.ts';
import { offlineMind } from '../offline/mind.ts';
import { takeDesign } from '../take-design.ts';
import type { scriptedBus } from './scripted-bus.ts';
import type { scriptedRunner } from './scripted-runner.ts';

export type House = {
  readonly bus: ReturnType<typeof scriptedBus>['bus'];
  readonly runner: ReturnType<typeof scriptedRunner>;
  readonly think: Think;
  /** Without it the command must name no model of embeddings. */
  readonly embed?: Embed;
  /** One for all that are played at once. */
  readonly offlineCertificates?: OrderedSerial;
};

const noEmbed: Embed = () => Promise.reject(new Error('embedded without a model of embeddings'));

/** Takes one command through the whole machine; the error with which it was released, or null. */
export async function playDesign(
  command: DesignCommand,
  { bus, runner, think, embed = noEmbed, offlineCertificates = createOrderedSerial() }: House,
): Promise<unknown> {
  const prompts = loadResearcherPrompts();
  const llm = llmMind({ bus, runners: runner.finder, think, embed, prompts, defaultModel: null });
  const minds = { offline: async () => offlineMind(bus), llm: async () => llm };
  const order = { untilEarlierDecided: async () => undefined };
  const baselines = createBaselineRegister(bus, runner.finder);
  const machine = researcherMachine.provide({
    actors: researcherActors({ bus, runners: runner.finder, minds, order, baselines, offlineCertificates }),
  });
  const board = createTaskBoard(() => new Date(0));
  const { signal } = new AbortController();
  return takeDesign(machine, command, { key: 'k', board, signal }, offlineCertificates).then(
    () => null,
    (error: unknown) => error,
  );
}
