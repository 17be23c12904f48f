import { describe, expect, it } from 'vitest';
import { designAnswer, programOf, sameIn, wellDone } from '../testing/answers.ts';
import { designCommand, history } from '../testing/design-command.ts';
import { playDesign } from '../testing/play-design.ts';
import { scriptedBus } from '../testing/scripted-bus.ts';
import { certificate, scriptedRunner } from '../testing/scripted-runner.ts';
import { scriptedThink, toldBy } from '../testing/scripted-thinker.ts';
import { designedTold, trainedTold } from '../testing/told.ts';
import type { NoveltyAnswer } from './answers.ts';

const unharmed = scriptedRunner(() => certificate('p'));

describe('the verdict on the novelty of an idea', () => {
  it.each([
    ['all four respects', {}, ['two-timescales', 'elsewhere']],
    ['all but its problem', { problem: false }, ['two-timescales']],
    ['all but its approach', { approach: false }, ['two-timescales']],
    ['all but its scope', { scope: false }, ['two-timescales']],
    ['all but its contribution', { contribution: false }, ['two-timescales']],
  ] as const)(
    'an idea that is an earlier one in %s: only one that is so in all four is refused',
    async (_, other, names) => {
      const journal = [
        designedTold('c001-0002', 'slow-state', 'A slow decay for a second state, for associative recall.'),
      ];
      const house = scriptedBus({}, journal);
      const respects = { problem: true, approach: true, scope: true, contribution: true, ...other };
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
      if (names.length > 1)
        expect(toldBy(thinker.of('diversify')[0])).toContain('both keep two states with different decays');
    },
  );

  it('does not refuse a design for an id that nobody showed to the judge of novelty', async () => {
    const house = scriptedBus({}, [designedTold('c001-0002', 'slow-state', 'A slow decay for a second state.')]);
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
    expect(thinker.of('judge-novelty')).toHaveLength(1);
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

  it('takes a shown program whose names alone are others for a copy, also where an engineer had changed what was designed', async () => {
    const house = scriptedBus({}, [
      designedTold('c001-0002', 'slow-state', 'A slow decay.'),
      trainedTold('c001-0002', 0.7, 1.1),
    ]);
    const kept = async (body: string) => (await house.bus.request('putArtifact', { body, mediaType: '' })).hash;
    const certificateHash = await kept(JSON.stringify(certificate('tree of the mended program')));
    const programHash = await kept(programOf('mended'));
    const told = house.journal.at(-1)?.data as { revisions?: unknown };
    told.revisions = [
      {
        ...{ programHash, certificateHash, diffHash: 'b'.repeat(64), reason: 'it crashed', parameters: 1 },
        ...{ flopsPerToken: 1, cause: { code: 'crashed', message: '', evidenceHash: null }, calls: [], remarks: [] },
      },
    ];
    const parent = history({
      ...{ experimentId: 'c001-0002', name: 'slow-state', baseline: null, programHash, motivation: 'A slow decay.' },
      ...{ merit: 0.5, languageModelLoss: 1.1, battery: 0.7 },
    });
    const renamed = programOf('the same under other names');
    const runner = scriptedRunner(({ program }) =>
      certificate('source' in program && program.source === renamed ? 'tree of the mended program' : 'another tree'),
    );
    const thinker = scriptedThink(({ node, messages }) =>
      node === 'design' ? designAnswer({ code: renamed }) : wellDone(node, messages),
    );
    await playDesign(designCommand({ parent }), { ...house, runner, think: thinker.think });
    expect(house.published).toMatchObject([{ data: { design: { twinsAvoided: 1 } } }]);
    expect(toldBy(thinker.of('diversify')[0])).toContain('its program is one that was shown');
  });

  it('asks with the horizon of the design: what it may not know of results, mended programs among them, must not refuse it', async () => {
    const horizons: unknown[] = [];
    const house = scriptedBus({
      novelty: ({ horizon }) => {
        horizons.push(horizon);
        return { twinOf: null, similarity: 0, nearest: null };
      },
    });
    const thinker = scriptedThink(({ node, messages }) => wellDone(node, messages));
    await playDesign(designCommand(), { ...house, runner: unharmed, think: thinker.think });
    expect(horizons).toEqual([4, 4]);
  });

  it('names the baseline that a draft is written after, also one that was not shown: what it must turn away from is that', async () => {
    const baselines = [
      { experimentId: 'c001-b01', name: 'delta-net' },
      { experimentId: 'c001-b02', name: 'gated-delta-net' },
    ] as never;
    const house = scriptedBus({
      novelty: ({ programHash }) =>
        programHash === 'as the baseline'
          ? { twinOf: 'c001-b02', similarity: 1, nearest: 'c001-b02' }
          : { twinOf: null, similarity: 0, nearest: null },
    });
    const copy = programOf('a gated one');
    const runner = scriptedRunner(({ program }) =>
      certificate('source' in program && program.source === copy ? 'as the baseline' : 'new'),
    );
    const thinker = scriptedThink(({ node, messages }) =>
      node === 'design' ? designAnswer({ code: copy }) : wellDone(node, messages),
    );
    await playDesign(designCommand({ baselines }), { ...house, runner, think: thinker.think });
    expect(house.baselines.map(({ experimentId }) => experimentId)).toEqual(['c001-b01', 'c001-b02']);
    expect(toldBy(thinker.of('diversify')[0])).toContain('gated-delta-net (c001-b02)');
    expect(house.published).toMatchObject([{ data: { design: { twinsAvoided: 1 } } }]);
  });
});
