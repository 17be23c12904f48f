import { type DataOf, languageModelSchema, type Paper } from '@asi/contracts';
import { expect, it } from 'vitest';
import { designAnswer, programOf, wellDone } from '../testing/answers.ts';
import { designCommand, history } from '../testing/design-command.ts';
import { playDesign } from '../testing/play-design.ts';
import { scriptedBus } from '../testing/scripted-bus.ts';
import { certificate, leak, scriptedRunner } from '../testing/scripted-runner.ts';
import { scriptedThink, toldBy } from '../testing/scripted-thinker.ts';
import { analysedTold, designedTold, referenceTold, trainedTold } from '../testing/told.ts';

const paper: Paper = {
  _id: '2411.12537',
  title: 'Negative eigenvalues',
  authors: 'A',
  year: 2024,
  summary: 'Reflections solve parity.',
  insights: [],
  components: [],
};
const measuredParent = history({ merit: 0.512, fitness: 0.6, languageModelLoss: 1.13, battery: 0.6 });

// Where only texts of a bounded length can give way, the context is as short as makes them.
it.each([
  ['summarise', 30_000],
  ['design', 30_000],
  ['amend-citations', 5_200],
  ['repair', 5_800],
  ['diversify', 30_000],
  ['judge-novelty', 30_000],
])('fits the prompt of %s into a context of %d tokens, and says in it what gave way', async (node, contextTokens) => {
  const long = (what: string, characters = 80_000) => `${what} ${'the state forgets, '.repeat(characters / 19)}`;
  const papers = Array.from({ length: 8 }, (_, i) => ({
    ...paper,
    _id: `2411.${10_000 + i}`,
    title: long('A title'),
  }));
  const house = scriptedBus(
    {
      papers,
      novelty: ({ programHash }) => ({
        twinOf: programHash === 'old' ? 'c001-0002' : null,
        similarity: 1,
        nearest: null,
      }),
    },
    [
      referenceTold,
      trainedTold('c001-b01', 0.6, 1.13),
      analysedTold('c001-b01', long('It cannot flip a sign.')),
      designedTold('c001-0002', 'slow-state', long('A slow state beside the fast one.')),
    ],
  );
  let drafts = 0;
  const runner = scriptedRunner(() => {
    drafts++;
    return drafts === 1 ? certificate('leaking', [leak]) : certificate(drafts === 2 ? 'old' : 'new');
  });
  const cited = { kind: 'paper', id: '2510.00000', why: long('It speaks of signs.', 700) } as const;
  const thinker = scriptedThink((asked) =>
    ['design', 'diversify'].includes(asked.node)
      ? designAnswer({ motivation: long('Two states.', 5900), citations: [cited], code: programOf(`draft ${drafts}`) })
      : wellDone(asked.node, asked.messages),
  );
  const model = languageModelSchema.parse({ contextTokens, maxOutputTokens: 2000 });
  const command = designCommand({ model, parent: measuredParent });
  expect(await playDesign(command, { ...house, runner, think: thinker.think })).toBeNull();
  const asked = thinker.of(node);
  expect(asked.length).toBeGreaterThan(0);
  for (const one of asked) {
    expect(one.room).toBeGreaterThanOrEqual(0);
    expect(toldBy(one)).toContain('because the prompt was too long');
  }
  const [design] = house.published.map(({ data }) => (data as DataOf<'designed'>).design);
  if (node === 'judge-novelty')
    expect(design?.remarks).toContainEqual(expect.stringMatching(/the motivation of c001-.* was shortened/));
});

it('shows a repair the finding to the end, and the motivation shorter, where the context is too short for both: it is to mend what was found', async () => {
  const found = 'the program sees the future '.repeat(60);
  const end = 'and so to its last word';
  const house = scriptedBus();
  let drafts = 0;
  const runner = scriptedRunner(() =>
    drafts++ === 0 ? certificate('leaking', [{ ...leak, message: `${found}${end}` }]) : certificate('new'),
  );
  const thinker = scriptedThink(({ node, messages }) =>
    node === 'design' ? designAnswer({ motivation: 'The state forgets. '.repeat(300) }) : wellDone(node, messages),
  );
  const model = languageModelSchema.parse({ contextTokens: 5800, maxOutputTokens: 2000 });
  await playDesign(designCommand({ model }), { ...house, runner, think: thinker.think });
  expect(toldBy(thinker.of('repair')[0])).toContain(end);
  const [design] = house.published.map(({ data }) => (data as DataOf<'designed'>).design);
  expect(design?.remarks).toContain('the prompt was too long: motivation was shortened');
});
