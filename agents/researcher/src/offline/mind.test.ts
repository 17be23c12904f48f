import type { DataOf, Insight } from '@asi/contracts';
import { describe, expect, it } from 'vitest';
import { baselineGenomes } from '../grammar/baseline-genomes.ts';
import { emit } from '../grammar/emit.ts';
import { wellDone } from '../testing/answers.ts';
import { designCommand, history, meritScale } from '../testing/design-command.ts';
import { effect } from '../testing/effect.ts';
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

describe('effects of components', () => {
  const insight: Insight = {
    _id: 'c001-0003',
    experimentId: 'c001-0003' as Insight['experimentId'],
    campaignNumber: 1,
    ordinal: 3,
    yardstick: 'y',
    text: '',
    confidence: 0.8,
    effects: [effect('write=delta', 0.4), effect('write=additive', -0.4)],
    at: '',
  };
  const effects = [effect('write=delta', -0.4), effect('write=additive', 0.4)];
  const deltaRules = async (overrides: Parameters<typeof designCommand>[0]) => {
    const { think } = scriptedThink(({ node, messages }) => wellDone(node, messages));
    const told: Array<DataOf<'designed'>['design']> = [];
    for (let design = 1; design <= 40; design++) {
      const house = scriptedBus({ insights: [insight], effects });
      await playDesign(
        designCommand({ mind: 'offline', model: null, seed: `1/1/${design}`, parent: measured, ...overrides }),
        { ...house, runner, think },
      );
      told.push(...house.published.map(({ data }) => (data as DataOf<'designed'>).design));
    }
    return {
      share: told.filter(({ components }) => components.includes('write=delta')).length / told.length,
      motivations: told.map(({ motivation }) => motivation),
      why: told[0]?.citations.find(({ kind }) => kind === 'insight')?.why,
    };
  };

  it('are those of all results within the horizon of a design, and not what its newest insight knew when that was written', async () => {
    const informed = await deltaRules({ meritScale });
    const ignorant = await deltaRules({});
    expect(informed.share).toBeLessThan(ignorant.share - 0.1);
    expect(informed.why).toContain('may know (horizon 4), steered the choice');
    expect(ignorant.why).toBeUndefined();
  });

  it('are told as those of wrong components where a control assigns them so', async () => {
    const { why, motivations } = await deltaRules({ meritScale, learnFromInsights: 'shuffled' });
    expect(why).toContain('assigned to wrong ones: a control');
    expect(motivations.join(' ')).toMatch(/As a control has it, with the estimated effects of other components/);
    expect(motivations.join(' ')).not.toMatch(/Estimated from the results|Components that the estimates favour/);
  });
});
