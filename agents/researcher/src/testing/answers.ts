import type { DesignAnswer, NoveltyAnswer } from '../llm/answers.ts';

export const programOf = (body: string): string =>
  `import torch\nfrom torch import nn\n\n\nclass Mixer(nn.Module):\n    """${body}"""\n`;

/** What a model that does well answers to each node's question. */
export const designAnswer = (overrides: Partial<DesignAnswer> = {}): DesignAnswer => ({
  name: 'Two Timescales',
  motivation:
    'The parent forgets evenly; a second state with a slow decay keeps what associative recall asks for later.',
  prediction: { direction: 'better', size: 0.05, mechanism: 'two decay rates', confidence: 0.4 },
  components: ['decay=scalar-gated', 'Memory = Two Timescales'],
  citations: [{ kind: 'experiment', id: 'c001-b01', why: 'the recurrence' }],
  code: programOf('two timescales'),
  ...overrides,
});

export const sameIn = (
  respects: { problem: boolean; approach: boolean; scope: boolean; contribution: boolean },
  id: string,
) =>
  ({
    comparisons: [
      {
        id,
        sameProblem: respects.problem,
        sameApproach: respects.approach,
        sameScope: respects.scope,
        sameContribution: respects.contribution,
        reason: 'both keep two states with different decays',
      },
    ],
  }) satisfies NoveltyAnswer;

type Said = ReadonlyArray<{ readonly content: string }>;

/** Of each earlier design that a question of novelty shows: that it is another one. */
const othersIn = (messages: Said): NoveltyAnswer => ({
  comparisons: [...(messages.at(-1)?.content ?? '').matchAll(/^\S+ \((c\d+-\w+)\):$/gm)].flatMap(
    ([, id = '']) => sameIn({ problem: true, approach: false, scope: true, contribution: false }, id).comparisons,
  ),
});

/**
 * Answers every node well, so that a script only says what it is about.
 * @param messages of the question; needed where they show earlier designs
 */
export function wellDone(node: string, messages: Said = []): unknown {
  switch (node) {
    case 'summarise':
      return { experience: 'The delta rule recalls well and cannot flip a sign.' };
    case 'repair':
      return { diagnosis: 'the norm ran over the whole sequence', components: [], code: programOf('repaired') };
    case 'judge-novelty':
      return othersIn(messages);
    case 'amend-citations':
      return { citations: [] };
    default:
      return designAnswer();
  }
}
