import { catalogue } from '@asi/contracts';
import { expect, it } from 'vitest';
import { designCommand } from './testing/design-command.ts';
import { playDesign } from './testing/play-design.ts';
import { scriptedBus, type Told } from './testing/scripted-bus.ts';
import { certificate, scriptedRunner } from './testing/scripted-runner.ts';
import { scriptedThink } from './testing/scripted-thinker.ts';

const ended = { definition: catalogue.settled, experimentId: 'c001-0007', data: {} } as unknown as Told;

it.each([
  [false, 1],
  [true, 0],
])(
  'a design whose experiment has ended (%s) while the baselines were certified registers nothing that would make a later one its twin',
  async (isEnded, published) => {
    const journal: Told[] = [];
    const house = scriptedBus({}, journal);
    const runner = scriptedRunner(({ program }) => {
      // The certificate of the design itself is the first; those of the baselines follow it.
      if (program.origin === 'builtin' && isEnded) journal.push(ended);
      return certificate(program.origin === 'builtin' ? program.builtin : 'p');
    });
    const command = designCommand({
      mind: 'offline',
      baselines: [{ experimentId: 'c001-b01', name: 'delta-net', seed: 0 }],
    } as never);
    const error = await playDesign(command, { ...house, runner, think: scriptedThink(() => ({})).think });
    expect(house.baselines).toHaveLength(1);
    expect(house.registered).toHaveLength(published);
    expect(house.published).toHaveLength(published);
    if (isEnded) expect(error).toMatchObject({ kind: 'cancelled', code: 'design-unwanted' });
  },
);
