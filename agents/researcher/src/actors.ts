import { type Minds, type OrderedSerial, stillWanted } from '@asi/agent-kit';
import type { Bus } from '@asi/bus';
import { catalogue, derivedMessageId, type ReplyOf } from '@asi/contracts';
import { fromPromise } from 'xstate';
import type { BaselineRegister } from './baseline-register.ts';
import { certifyDraft } from './certify.ts';
import type { DesignOrder } from './design-order.ts';
import type { Answer, Certified, CompareWork, DesignCommand, Draft, DraftWork, Novelty, Recalled } from './machine.ts';
import type { ResearcherMind } from './mind.ts';
import type { RunnerFinder } from './runner-finder.ts';
import { unwantedDesign } from './unwanted-design.ts';

type ResearcherTools = {
  readonly bus: Bus;
  readonly runners: RunnerFinder;
  readonly minds: Minds<ResearcherMind>;
  readonly order: DesignOrder;
  readonly baselines: BaselineRegister;
  /**
   * Drafts of the grammar are made in no time: their certificates would take the processors of what is in training. They come
   * one at a time and in the order of sampling, because in that order they are decided and trained.
   */
  readonly offlineCertificates: OrderedSerial;
};

/** The work behind the states of the researcher machine; the command names the mind that thinks. */
export function researcherActors({ bus, runners, minds, order, baselines, offlineCertificates }: ResearcherTools) {
  const isStillWanted = stillWanted(bus);
  const isWanted = ({ data: { experimentId, attempt } }: DesignCommand) =>
    isStillWanted({ role: 'researcher', experimentId, attempt });
  return {
    recall: fromPromise<Recalled, DesignCommand>(async ({ input, signal }) =>
      (await minds[input.data.mind]()).recall(input, signal),
    ),

    draft: fromPromise<Draft, DraftWork>(async ({ input, signal }) =>
      (await minds[input.command.data.mind]()).draft(input, signal),
    ),

    certify: fromPromise<Certified, { command: DesignCommand; draft: Draft; draw: number }>(({ input, signal }) => {
      const { mind, ordinal } = input.command.data;
      const wanted = { signal, isWanted: () => isWanted(input.command) };
      const certify = () => certifyDraft(bus, runners, input.command, input.draft, input.draw, wanted);
      return mind === 'offline' ? offlineCertificates.run(ordinal, certify) : certify();
    }),

    awaitEarlier: fromPromise<void, DesignCommand>(({ input, signal }) =>
      order.untilEarlierDecided(input.data, signal),
    ),

    compare: fromPromise<Novelty, CompareWork>(async ({ input, signal }) => {
      const { command, certified } = input;
      if (!certified.legal) throw new Error('compared before it was certified');
      const { experimentId, campaignNumber, ordinal, arm, horizon } = command.data;
      const { programHash, fingerprint } = certified;
      await baselines.ensure(command.data, signal);
      const behaviour = async (register: boolean) => {
        // What is registered makes twins of later designs: not for a design that will never be.
        if (register && !(await isWanted(command))) throw unwantedDesign(experimentId);
        return noveltyOf(
          await bus.request('checkNovelty', {
            experimentId,
            campaignNumber,
            ordinal,
            arm,
            horizon,
            programHash,
            fingerprint,
            register,
          }),
        );
      };
      const { judgeNovelty } = await minds[command.data.mind]();
      if (!judgeNovelty) return behaviour(true);
      // Registered last: a draft that the mind takes for a repetition must not make twins of later designs.
      const known = await behaviour(false);
      if (known.twinOf !== null) return known;
      const verdict = await judgeNovelty({ ...input, nearest: known.nearest }, signal);
      return verdict.twinOf === null ? { ...verdict, ...(await behaviour(true)) } : verdict;
    }),

    report: fromPromise<void, { command: DesignCommand; answer: Answer }>(async ({ input: { command, answer } }) => {
      const { campaignId, experimentId, attempt, token, arm } = command.data;
      const occurrence = {
        experimentId,
        campaignId,
        id: derivedMessageId(experimentId, 'design', attempt),
        cause: command.envelope,
        attempt,
      };
      const common = { campaignId, experimentId, attempt, token };
      switch (answer.kind) {
        case 'designed':
          await bus.publish(catalogue.designed, {
            ...occurrence,
            data: { ...common, arm, design: answer.design, program: answer.program },
          });
          return;
        case 'rejected':
          await bus.publish(catalogue.designRejected, {
            ...occurrence,
            data: { ...common, reason: answer.reason, twinOf: answer.twinOf, thrownAway: answer.thrownAway },
          });
          return;
        case 'failed':
          await bus.publish(catalogue.designFailed, {
            ...occurrence,
            data: { ...common, kind: 'terminal', reason: answer.reason, thrownAway: answer.thrownAway },
          });
      }
    }),
  };
}

const noveltyOf = ({ twinOf, nearest, similarity }: ReplyOf<'checkNovelty'>): Novelty => ({
  twinOf,
  nearest: nearest === null ? null : { id: nearest, correlation: similarity },
});
