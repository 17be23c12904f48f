import type { DataOf } from '@asi/contracts';
import { expect, it } from 'vitest';
import { baselineGenomes } from '../grammar/baseline-genomes.ts';
import { emit } from '../grammar/emit.ts';
import { wellDone } from '../testing/answers.ts';
import { designCommand, history } from '../testing/design-command.ts';
import { playDesign } from '../testing/play-design.ts';
import { scriptedBus } from '../testing/scripted-bus.ts';
import { certificate, scriptedRunner } from '../testing/scripted-runner.ts';
import { scriptedThink } from '../testing/scripted-thinker.ts';

const runner = scriptedRunner(() => certificate('p'));
const measured = history({ merit: 0.512, fitness: 0.6, languageModelLoss: 1.13, battery: 0.6 });

it('a design of a model as parent of the offline mind costs no candidate: what was shown beside it is varied', async () => {
  const house = scriptedBus();
  const { think } = scriptedThink(({ node, messages }) => wellDone(node, messages));
  const modelled = {
    ...measured,
    experimentId: 'c001-0004',
    name: 'two-timescales',
    baseline: null,
    genomeHash: null,
  };
  const command = designCommand({ mind: 'offline', model: null, parent: modelled, references: [measured] });
  expect(await playDesign(command, { ...house, runner, think })).toBeNull();
  expect(house.published).toMatchObject([
    {
      type: 'asi.design.finished.v1',
      data: {
        design: {
          prediction: null,
          citations: expect.arrayContaining([
            expect.objectContaining({ id: 'c001-0004', why: expect.stringContaining('was varied instead') }),
          ]),
        },
      },
    },
  ]);
});

it.each(['offline', 'llm'] as const)(
  'keeps the program of a baseline that a design of the mind %s was made from: the analyst has no other',
  async (mind) => {
    const house = scriptedBus();
    const { think } = scriptedThink(({ node, messages }) => wellDone(node, messages));
    await playDesign(designCommand(mind === 'llm' ? {} : { mind, model: null }), { ...house, runner, think });
    const [design] = house.published.map(({ data }) => (data as DataOf<'designed'>).design);
    expect(house.artifacts.get(design?.parentProgramHash ?? '')).toBe(emit(baselineGenomes['delta-net']));
  },
);

it('no language model is asked where the campaign chose the offline mind', async () => {
  const house = scriptedBus();
  const thinker = scriptedThink(({ node, messages }) => wellDone(node, messages));
  await playDesign(designCommand({ mind: 'offline', model: null }), {
    ...house,
    runner,
    think: thinker.think,
  });
  expect(thinker.asked).toEqual([]);
  expect(house.published).toMatchObject([
    {
      data: {
        program: { origin: 'grammar' },
        design: { author: expect.stringMatching(/^researcher\/offline/) },
      },
    },
  ]);
});
