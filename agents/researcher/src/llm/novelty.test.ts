import { describe, expect, it } from 'vitest';
import { designAnswer, programOf, sameIn, wellDone } from '../testing/answers.ts';
import { designCommand } from '../testing/design-command.ts';
import { playDesign } from '../testing/play-design.ts';
import { scriptedBus } from '../testing/scripted-bus.ts';
import { certificate, scriptedRunner } from '../testing/scripted-runner.ts';
import { scriptedThink, toldBy } from '../testing/scripted-thinker.ts';
import { designedTold } from '../testing/told.ts';
import type { NoveltyAnswer } from './answers.ts';

const unharmed = scriptedRunner(() => certificate('p'));

describe('the verdict on the novelty of an idea', () => {
  it.each([
    ['all four respects', true, ['two-timescales', 'elsewhere']],
    ['three of four', false, ['two-timescales']],
  ] as const)('an idea that repeats an earlier one in %s: refused is %s', async (_, contribution, names) => {
    const journal = [
      designedTold('c001-0002', 'slow-state', 'A slow decay for a second state, for associative recall.'),
    ];
    const house = scriptedBus({}, journal);
    const respects = { problem: true, approach: true, scope: true, contribution };
    const judged: string[] = [];
    const thinker = scriptedThink(({ node, messages }, number) => {
      if (node === 'judge-novelty') judged.push(messages[1]?.content ?? '');
      if (node === 'judge-novelty' && judged.length === 1) {
        const others = (wellDone(node, messages) as NoveltyAnswer).comparisons.filter(({ id }) => id !== 'c001-0002');
        return { comparisons: [...others, ...sameIn(respects, 'c001-0002').comparisons] };
      }
      return node === 'diversify'
        ? designAnswer({ name: 'elsewhere', code: programOf(`${number}`) })
        : wellDone(node, messages);
    });
    await playDesign(designCommand(), { ...house, runner: unharmed, think: thinker.think });
    expect(judged.map((text) => /The new design, (\S+):/.exec(text)?.[1])).toEqual(names);
    expect(judged[0]).toContain('A slow decay for a second state, for associative recall.');
    expect(house.published).toMatchObject([
      { data: { design: { name: names.at(-1), twinsAvoided: names.length - 1 } } },
    ]);
    expect(house.registered).toEqual(['p']);
    if (contribution)
      expect(toldBy(thinker.of('diversify')[0])).toContain('both keep two states with different decays');
  });

  it('does not refuse a design for an id that nobody showed to the judge of novelty', async () => {
    const house = scriptedBus();
    const respects = { problem: true, approach: true, scope: true, contribution: true };
    const thinker = scriptedThink(({ node, messages }) =>
      node === 'judge-novelty'
        ? {
            comparisons: [
              ...(wellDone(node, messages) as NoveltyAnswer).comparisons,
              ...sameIn(respects, 'c009-0001').comparisons,
            ],
          }
        : wellDone(node, messages),
    );
    await playDesign(designCommand(), { ...house, runner: unharmed, think: thinker.think });
    expect(house.published).toMatchObject([{ data: { design: { twinsAvoided: 0 } } }]);
  });

  it('takes no verdict that passes over a design that was shown: an empty one would make every repetition new', async () => {
    const house = scriptedBus({}, [designedTold('c001-0002', 'slow-state', 'A slow decay for a second state.')]);
    const thinker = scriptedThink(({ node, messages }) =>
      node === 'judge-novelty' ? { comparisons: [] } : wellDone(node, messages),
    );
    await playDesign(designCommand(), { ...house, runner: unharmed, think: thinker.think });
    const message = expect.stringMatching(/nothing is said of .*c001-0002/);
    expect(house.published).toMatchObject([
      { type: 'asi.design.failed.v1', data: { reason: { code: 'model-answer-invalid', message } } },
    ]);
  });

  it('compares with earlier designs only: a later ordinal that is done already would make the design depend on timing', async () => {
    const journal = [
      designedTold('c001-0009', 'later', 'A slow decay for a second state, told later.'),
      designedTold('c001-0006', 'earlier', 'A slow decay for a second state, told earlier.'),
    ];
    const house = scriptedBus({}, journal);
    const thinker = scriptedThink(({ node, messages }) => wellDone(node, messages));
    await playDesign(designCommand(), { ...house, runner: unharmed, think: thinker.think });
    expect(toldBy(thinker.of('judge-novelty')[0])).toContain('told earlier');
    expect(toldBy(thinker.of('judge-novelty')[0])).not.toContain('told later');
  });
});
