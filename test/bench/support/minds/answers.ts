import type { z } from 'zod';
import type { analysisAnswerSchema } from '../../../../agents/analyst/src/llm/answer.ts';
import type { intentAnswerSchema, mendAnswerSchema } from '../../../../agents/engineer/src/llm/answers.ts';
import type { scoreSchema } from '../../../../agents/judge/src/llm/score.ts';
import type {
  citationsAnswerSchema,
  designAnswerSchema,
  noveltyAnswerSchema,
  repairAnswerSchema,
  summaryAnswerSchema,
} from '../../../../agents/researcher/src/llm/answers.ts';

/** The shapes of all questions that the roles ask, as endpoints are told them. */
export type Shapes = {
  readonly experience: z.input<typeof summaryAnswerSchema>;
  readonly design: z.input<typeof designAnswerSchema>;
  readonly repair: z.input<typeof repairAnswerSchema>;
  readonly citations: z.input<typeof citationsAnswerSchema>;
  readonly novelty: z.input<typeof noveltyAnswerSchema>;
  readonly score: z.input<typeof scoreSchema>;
  readonly analysis: z.input<typeof analysisAnswerSchema>;
  readonly mending_step: z.input<typeof mendAnswerSchema>;
  readonly intent: z.input<typeof intentAnswerSchema>;
};
export type Shape = keyof Shapes;

const experience =
  'The design lets the write strength of the delta rule exceed one, so that a write can reflect what the state holds under a key ' +
  'instead of only erasing it. It was meant to help where an association changes its sign or is replaced often. Measured, the ' +
  'running parity improves clearly and overwrite recall a little, while associative recall with many bindings at once stays where ' +
  'the parent had it; the held-out loss of the language model moves by less than the noise, so nothing is known of it. Its training ' +
  'curves are smooth, with a slower start on noisy recall. What follows: keep the reflecting write where state has to be tracked; ' +
  'do not expect capacity from it, which is limited by the size of the state and by how sharply it is read. Unknown is whether ' +
  'the gain on parity survives together with a decay that forgets, since both act on the eigenvalues of the transition; a design ' +
  'that changes only one of them beside this parent would tell.';
const motivation =
  'The parent keeps every association until it is overwritten under the same key, so that pairs between noise tokens fill its state ' +
  'and associative recall of many bindings reads a blur. A second, smaller state that is written only where the key is new to the ' +
  'first one keeps what the first one would smear. How new a key is tells the error of the delta rule itself, which is computed in ' +
  'any case. This should help noisy recall and associative recall; parity asks for negative eigenvalues, which this does not touch.';
const why = (what: string) =>
  `By line 41 of the program the ${what} is computed from the error of the write and enters the output through a learned gate; ` +
  'the ratio of cost to DeltaNet is near one, and the curves of recall fall earlier than those of the parent without spikes.';

/** Of each earlier design that a question of novelty shows: that it is another one. */
export const comparisonsIn = (told: string): Shapes['novelty'] => ({
  comparisons: [...told.matchAll(/^\S+ \((c\d+-\w+)\):$/gm)].map(([, id = '']) => ({
    id,
    sameProblem: true,
    sameApproach: false,
    sameScope: false,
    sameContribution: false,
    reason: 'Both add memory, but this one writes it by the error of the first state and the other one by position.',
  })),
});

/** What a model that does well answers, in texts as long as the prompts ask for, with a program of the grammar. */
export const answersWith = (program: string, changes: Partial<Shapes> = {}): Shapes => ({
  experience: { experience },
  design: {
    name: 'error-gated-second-state',
    motivation,
    prediction: {
      direction: 'better',
      size: 0.03,
      mechanism: 'writes of new keys go to a state of their own and are not smeared by frequent ones',
      confidence: 0.4,
    },
    components: ['memory=two-states', 'router=softmax'],
    citations: [],
    code: program,
  },
  repair: {
    diagnosis:
      'The norm of the keys ran over the whole sequence in line 52; it now runs over the features of each token.',
    components: ['memory=two-states', 'router=softmax'],
    code: program,
  },
  citations: { citations: [] },
  novelty: { comparisons: [] },
  score: {
    innovation: { reason: why('second state'), score: 6 },
    complexity: { reason: why('additional path'), score: 4 },
    convergence: { reason: why('loss'), score: 6 },
  },
  analysis: {
    claims: [],
    prediction: {
      right: {
        text: 'Recall between noise tokens is where the change shows first, as the mechanism said.',
        restsOn: [],
      },
      wrong: { text: 'Nothing tells that the size of the state was what limited the parent.', restsOn: [] },
    },
    explanations: [
      { text: `${why('router')} Which of the two parts did it one comparison cannot tell.`, restsOn: [] },
      {
        text: 'The curves of overwrite recall leave the plateau at the same step as the parent, so the write is not slower.',
        restsOn: [],
      },
    ],
    insights: [
      {
        text: 'Where pairs stand between noise, write by how new the key is to the state, and give new keys a place of their own.',
        restsOn: [],
        confidence: 0.4,
      },
      {
        text: 'A second path of memory needs a gate that begins open, or short trainings do not see it.',
        restsOn: [],
        confidence: 0.5,
      },
    ],
    citations: [],
  },
  mending_step: { diagnosis: 'not yet known', next: { kind: 'give-up', why: 'nothing was scripted' } },
  intent: { lost: [], kept: true, why: 'Only an index was corrected; the second state and its gate are as they were.' },
  ...changes,
});
