import { answer, refusal, type Script, type SeenRequest, status } from '@asi/testkit/openai-server';
import { baselineGenomes } from '../../../agents/researcher/src/grammar/baseline-genomes.ts';
import { emit } from '../../../agents/researcher/src/grammar/emit.ts';
import { crashingText, type Idea, mendedText } from './ideas.ts';

export const nodes = [
  'experience',
  'design',
  'repair',
  'citations',
  'novelty',
  'mending_step',
  'intent',
  'score',
  'analysis',
] as const;
export type Node = (typeof nodes)[number];

export type Model = {
  readonly script: Script;
  /** Tokens of all answers that were sent. */
  readonly told: { input: number; output: number };
  /** How often each node was asked, failed requests included. */
  readonly asked: ReadonlyMap<Node, number>;
};

type Options = {
  readonly ideas: readonly Idea[];
  /** May hold an answer back; true: whoever asked has died meanwhile. */
  readonly hold?: (node: Node, ordinal: number) => Promise<boolean>;
};

/** A language model that has these ideas in this order. Every answer rests on what the prompt must show it. */
export function scriptedModel({ ideas, hold }: Options): Model {
  const left = [...ideas];
  const asked = new Map<Node, number>();
  const told = { input: 0, output: 0 };

  const ideaNamed = (name: string | undefined): Idea => {
    const found = ideas.find((one) => one.name === name);
    if (!found) throw new Error(`the prompt speaks of ${name ?? 'no design'}, which is no idea of this model`);
    return found;
  };
  const ideaShown = ({ text }: SeenRequest): Idea => {
    const found = ideas.find(({ first, final }) => text.includes(final) || text.includes(first));
    if (!found) throw new Error('the prompt holds no program of this model');
    return found;
  };

  const designOf = (idea: Idea, code: string, parent: string) => ({
    name: idea.name,
    motivation: `${parent} forgets nothing on purpose; ${idea.name} writes through a gate and keeps a running mean.`,
    prediction: { direction: 'better', size: 0.02, mechanism: `the gate of ${idea.name}`, confidence: 0.4 },
    components: [`write=${idea.name}`],
    citations: [{ kind: 'experiment', id: parent, why: 'it is the parent' }],
    code,
  });

  /** The parent that the prompt names; its real program must be there. */
  const parentIn = (request: SeenRequest): string => {
    const [, name = '', id = ''] =
      /Make one (?:new )?design that descends from (\S+) \((\S+)\)/.exec(request.text) ?? [];
    request.demand(name === 'delta-net' ? emit(baselineGenomes['delta-net']) : ideaNamed(name).final);
    return id;
  };

  const replies: Record<Node, (request: SeenRequest) => unknown> = {
    experience: (request) => {
      request.demand(/merit 0\.\d{3}/, /language-model loss \d\.\d{3}/, /noise between seeds/);
      return { experience: 'It was measured, and what it showed is within the noise.' };
    },
    design: (request) => {
      const parent = parentIn(request);
      const twin = /Your last design, (\S+), which is a twin/.exec(request.text)?.[1];
      if (twin !== undefined) {
        const idea = ideaNamed(twin);
        const repeated = idea.course === 'retold' ? /idea-\d+-crash/ : /idea-1-plain/;
        request.demand(
          new RegExp(String.raw`The design that it repeats, ${repeated.source} \(c001-\d+\)`),
          /correlate|computes what/,
        );
        return designOf(idea, idea.final, parent);
      }
      const idea = left.shift();
      if (!idea) throw new Error('the model was asked for one more design than it has ideas');
      return designOf(idea, idea.first, parent);
    },
    repair: (request) => {
      const idea = ideaNamed(/The design (\S+)\. Its motivation/.exec(request.text)?.[1]);
      request.demand(
        idea.first,
        /certificate-causality/,
        /Test "causality[^"]*": measured \d\S*, threshold \d\S*, smallest input B=/,
      );
      return { diagnosis: 'The mean runs over the whole sequence.', components: [], code: idea.final };
    },
    citations: () => ({ citations: [] }),
    novelty: (request) => {
      const shown = [...request.text.matchAll(/^(\S+) \((c\d+-\w+)\):\n<<<DATA .*\n(.*)$/gm)];
      // Each with what it is about itself: the name of the new design stands in the prompt too.
      const isTold = ([, name, , motivation = '']: readonly string[]) =>
        motivation.startsWith('A baseline of the literature. ') ||
        motivation.includes(`; ${name} writes through a gate`);
      if (shown.length === 0 || !shown.every(isTold)) throw new Error('an earlier design lacks its motivation');
      return {
        comparisons: shown.map(([, , id]) => ({
          id,
          sameProblem: true,
          sameApproach: false,
          sameScope: true,
          sameContribution: false,
          reason: 'Another path.',
        })),
      };
    },
    mending_step: (request) => {
      const idea = ideaShown(request);
      request.demand(
        idea.first,
        // As it stands for this training alone: what each reason means is told in every prompt.
        /^reason: crashed$/m,
        /The size of tensor a \(4\) must match the size of tensor b \(3\)/,
        /Traceback \(most recent call last\)/,
      );
      return {
        diagnosis: 'The offset has three rows, and a batch of the training has four.',
        next: {
          kind: 'revise',
          edits: [{ search: crashingText, replace: mendedText }],
          change: 'One row of the offset is used for all rows of the batch.',
        },
      };
    },
    intent: (request) => {
      request.demand(ideaShown(request).first, `+        state = written.cumsum(1) / steps${mendedText}`);
      return { lost: [], kept: true, why: 'Gate and running mean are as they were.' };
    },
    score: (request) => {
      request.demand(
        ideaShown(request).final,
        /delta-net: performance 5\.0/,
        /merit 0\.\d{3}: the measured quality/,
        /^## Training losses of delta-net .*whose convergence is 5.*\n\n- \S+: \d+: \d/m,
      );
      const innovation = [3, 5, 8][(asked.get('score') ?? 0) % 3];
      const scored = (score: number | undefined) => ({
        reason: 'It writes through one gate and has one state.',
        score,
      });
      return { innovation: scored(innovation), complexity: scored(6), convergence: scored(5) };
    },
    analysis: (request) => {
      request.demand(ideaShown(request).final, /merit 0\.\d{3}: the measured quality/, /Its parent c001-/);
      const isRepair = request.holds('these parts do not stand');
      if (isRepair) request.demand(/holds zero, so the effect is smaller than the noise/);
      const [, evidence = 'none', sign = '+', size = '0'] =
        /^- (\S+): ([+-])(\d\.\d+) \[[^\]]+\] \(inside the noise: no claim\)/m.exec(request.text) ?? [];
      return {
        claims: [
          {
            id: 'c1',
            subject: 'design',
            direction: sign === '+' ? 'better' : 'worse',
            size: Number(size),
            evidence,
            confidence: 0.9,
            statement: 'The gate makes the difference, which everybody can see.',
          },
        ],
        prediction: { right: { text: '', restsOn: [] }, wrong: { text: '', restsOn: [] } },
        explanations: [{ text: 'A running mean forgets slowly.', restsOn: [] }],
        insights: [],
        citations: [],
      };
    },
  };

  const script: Script = async (request) => {
    const node = nodes.find((one) => one === request.body.response_format?.json_schema?.name);
    if (!node) throw new Error(`asked for the shape ${request.body.response_format?.json_schema?.name}`);
    const ordinal = (asked.get(node) ?? 0) + 1;
    asked.set(node, ordinal);
    // The endpoint is away for a moment.
    if (node === 'score' && ordinal === 1) return status(503, 'overloaded');
    const before = left[0];
    const said = replies[node](request);
    if (await hold?.(node, ordinal)) {
      if (node === 'design' && before && left[0] !== before) left.unshift(before);
      return status(500, 'nobody waits for this');
    }
    const usage = { input: Math.ceil(request.text.length / 4), output: Math.ceil(JSON.stringify(said).length / 4) };
    told.input += usage.input;
    told.output += usage.output;
    const declines = node === 'score' && ideaShown(request).course === 'unjudged';
    return declines ? refusal('I would rather not score this.', { usage }) : answer(said, { usage });
  };
  return { script, told, asked };
}
