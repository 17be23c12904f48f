import type { Bus } from '@asi/bus';
import type { Revision } from '@asi/contracts';
import { asData, type Thinker } from '@asi/llm';
import type { Probe, RunnerClient } from '@asi/runner-client';
import { END, type LangGraphRunnableConfig, START, StateGraph } from '@langchain/langgraph';
import { probeJobOf } from '../job-spec.ts';
import type { FailedTraining, Mending, ProgramText } from '../mind.ts';
import { runProbe } from '../run-job.ts';
import { intentAnswerSchema, mendAnswerSchema } from './answers.ts';
import { applyEdits } from './apply-edits.ts';
import { certifyRevision } from './certify-revision.ts';
import { differenceOf } from './difference.ts';
import { intentQuestion, mendQuestion } from './mend-questions.ts';
import { misfit, refused, told } from './mend-replies.ts';
import { type Draft, MendState, type MendUpdate } from './mend-state.ts';
import { notMinimal } from './minimal-change.ts';
import { probeText } from './probe-text.ts';
import type { EngineerPrompts } from './prompts.ts';

const mostProbes = 4;
const mostMisfits = 1;
const mostRefusals = 2;

export type MendParts = { readonly bus: Bus; readonly runner: RunnerClient; readonly prompts: EngineerPrompts };

/**
 * Mends one failed training, or one that would fail by its first steps: think, look as often as needed (probe), change (edit), and prove that the change is one that may
 * be trained: certify, compare with earlier designs, check-intent. What is turned down is told to the model, which may try again.
 *
 * G1: what is trained passed every check in the version in which it is trained.
 * G2: it ends: probes, edits that do not fit, and refusals are counted, and each count has a limit.
 */
export function createMendGraph({ bus, runner, prompts }: MendParts) {
  const keep = async (body: string, mediaType: string) => (await bus.request('putArtifact', { body, mediaType })).hash;

  const think = async ({ failed, thinker, turns, questions }: MendState): Promise<MendUpdate> => {
    const asked = { shape: 'mending_step', schema: mendAnswerSchema };
    const { said, remarks } = mendQuestion(prompts, failed, mostProbes, turns, asked);
    const occasion = `revision ${failed.earlier.length + 1}, question ${questions + 1}`;
    const { answer, calls } = await thinker.ask({ ...said, ...asked, occasion });
    return {
      answer,
      calls: [...calls],
      remarks: [...remarks],
      questions: 1,
      draft: null,
      turns: [{ role: 'assistant', content: JSON.stringify(answer) }],
    };
  };

  const probe = async (
    { failed, answer, probes }: MendState,
    { signal }: LangGraphRunnableConfig,
  ): Promise<MendUpdate> => {
    const { next } = answer;
    if (next.kind !== 'probe' && next.kind !== 'snippet') throw new Error('probed without a probe');
    if (probes >= mostProbes) return refused(`all ${mostProbes} probes are used`, 'Revise the program, or give up.');
    const changed = applyEdits(failed.program.source, next.edits);
    if (!changed.fits) return misfit(changed.why);
    const asked: Probe = next.kind === 'probe' ? { name: next.probe } : { snippet: next.snippet };
    const program = next.edits.length === 0 ? failed.program : foreign(changed.source);
    const outcome = await runProbe(runner, probeJobOf(failed.command.data, program, asked), signalOf(signal));
    const left = mostProbes - probes - 1;
    return {
      probes: 1,
      turns: told(`${probeText(outcome)}\nYou have ${left} ${left === 1 ? 'probe' : 'probes'} left.`),
    };
  };

  const edit = ({ failed, answer }: MendState): MendUpdate => {
    const { next, diagnosis } = answer;
    if (next.kind !== 'revise') throw new Error('edited without a revision');
    const { source } = failed.program;
    const changed = applyEdits(source, next.edits);
    if (!changed.fits) return misfit(changed.why);
    const why = notMinimal(failed.designed.source, source, changed.source);
    if (why !== null) return refused(why, 'Change the program otherwise.');
    const reason = `${diagnosis.trim()} ${next.change.trim()}`;
    return { draft: { program: foreign(changed.source), reason, proof: null, programHash: '', fingerprint: [] } };
  };

  const certify = async (state: MendState, { signal }: LangGraphRunnableConfig): Promise<MendUpdate> => {
    const draft = draftOf(state);
    const certified = await certifyRevision(bus, runner, state.failed.command, draft.program, signalOf(signal));
    if (!certified.legal) {
      const what = 'the changed program is no legal mixer';
      return refused(what, asData('findings', certified.why), `${what}: ${certified.why}`);
    }
    const { proof, programHash, fingerprint } = certified;
    return { draft: { ...draft, proof, programHash, fingerprint } };
  };

  const compare = async (state: MendState): Promise<MendUpdate> => {
    const { programHash, fingerprint } = draftOf(state);
    const { experimentId, mending } = state.failed.command.data;
    if (!mending) throw new Error('mended without leave');
    // Registered only once it is settled, and beside the design: whoever was sampled before the result is known never sees it.
    const { twinOf } = await bus.request('checkNovelty', {
      experimentId,
      campaignNumber: mending.campaignNumber,
      ordinal: mending.ordinal,
      arm: mending.arm,
      horizon: mending.horizon,
      programHash,
      fingerprint,
      register: false,
    });
    return twinOf === null
      ? {}
      : refused(`the changed program computes what ${twinOf} computes`, 'Keep what makes this design another one.');
  };

  const checkIntent = async (state: MendState): Promise<MendUpdate> => {
    const { failed, thinker } = state;
    const { program } = draftOf(state);
    const asked = { shape: 'intent', schema: intentAnswerSchema };
    const difference = differenceOf(failed.designed.source, program.source);
    const { said, remarks } = intentQuestion(prompts, failed, difference, asked);
    const occasion = `revision ${failed.earlier.length + 1}, question ${state.questions}`;
    const { answer, calls } = await thinker.ask({ ...said, ...asked, occasion });
    if (answer.kept && answer.lost.length === 0) return { calls: [...calls], remarks: [...remarks] };
    const what = 'a reader says that the changed program is no longer the design';
    const lost = [...answer.lost, answer.why].join('\n');
    return { calls: [...calls], remarks: [...remarks], ...refused(what, asData('reader', lost), `${what}: ${lost}`) };
  };

  const settle = async (state: MendState): Promise<MendUpdate> => {
    const { failed, calls, remarks } = state;
    const { program, reason, proof, ...certified } = draftOf(state);
    if (!proof) throw new Error('settled without a certificate');
    // Before anyone hears of the revision: who may know the result finds twins of what was trained, whoever is killed.
    await bus.request('registerRevision', { experimentId: failed.command.data.experimentId, ...certified });
    const [programHash, diffHash] = await Promise.all([
      keep(program.source, 'text/x-python'),
      keep(differenceOf(failed.program.source, program.source), 'text/x-diff'),
    ]);
    const revision: Revision = { programHash, diffHash, reason, cause: failed.cause, calls, remarks, ...proof };
    return { mending: { kind: 'revised', program, revision } };
  };

  const giveUp = ({ answer, complaint }: MendState): MendUpdate => ({
    mending: { kind: 'given-up', why: answer.next.kind === 'give-up' ? answer.next.why : complaint },
  });

  const graph = new StateGraph(MendState)
    .addNode('think', think)
    .addNode('probe', probe)
    .addNode('edit', edit)
    .addNode('certify', certify)
    .addNode('compare', compare)
    .addNode('check-intent', checkIntent)
    .addNode('settle', settle)
    .addNode('give-up', giveUp)
    .addEdge(START, 'think')
    .addConditionalEdges('think', ({ answer }) => afterThinking[answer.next.kind], ['probe', 'edit', 'give-up'])
    .addConditionalEdges('probe', thinkAgain, ['think', 'give-up'])
    .addConditionalEdges('edit', whenGood('certify'), ['certify', 'think', 'give-up'])
    .addConditionalEdges('certify', whenGood('compare'), ['compare', 'think', 'give-up'])
    .addConditionalEdges('compare', whenGood('check-intent'), ['check-intent', 'think', 'give-up'])
    .addConditionalEdges('check-intent', whenGood('settle'), ['settle', 'think', 'give-up'])
    .addEdge('settle', END)
    .addEdge('give-up', END)
    .compile();

  return async (failed: FailedTraining, thinker: Thinker, signal: AbortSignal): Promise<Mending> => {
    const { mending } = await graph.invoke({ failed, thinker }, { signal, recursionLimit: mostSteps });
    if (!mending) throw new Error('the graph ended without a mending');
    return mending;
  };
}

const afterThinking = { probe: 'probe', snippet: 'probe', revise: 'edit', 'give-up': 'give-up' } as const;

// Far beyond what G2 allows: reaching it is a defect.
const mostSteps = 100;

const thinkAgain = ({ misfits, refusals }: MendState) =>
  misfits > mostMisfits || refusals > mostRefusals ? 'give-up' : 'think';

const whenGood =
  <Next extends string>(next: Next) =>
  (state: MendState) =>
    state.draft === null ? thinkAgain(state) : next;

const foreign = (source: string): ProgramText => ({ origin: 'foreign', source });

function draftOf({ draft }: MendState): Draft {
  if (!draft) throw new Error('checked without a draft');
  return draft;
}

function signalOf(signal: AbortSignal | undefined): AbortSignal {
  if (!signal) throw new Error('the graph was started without a signal');
  return signal;
}
