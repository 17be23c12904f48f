import { createOrderedSerial } from '@asi/agent-kit';
import { candidateIdOf } from '@asi/contracts';
import { expect, it } from 'vitest';
import { designCommand } from './testing/design-command.ts';
import { type House, playDesign } from './testing/play-design.ts';
import { scriptedBus } from './testing/scripted-bus.ts';
import { certificate, scriptedRunner } from './testing/scripted-runner.ts';
import { scriptedThink } from './testing/scripted-thinker.ts';

const offline = (ordinal: number) =>
  designCommand({
    mind: 'offline',
    ordinal,
    experimentId: candidateIdOf('c001' as never, ordinal),
    seed: `1/1/${ordinal}`,
  });

/** A bus whose recall of insights waits for the promise. */
const slow = (until: Promise<unknown>): House['bus'] => {
  const { bus } = scriptedBus();
  const request = async (name: string, question: never) => {
    if (name === 'recallInsights') await until;
    return bus.request(name as never, question);
  };
  return { ...bus, request } as typeof bus;
};

it.each([true, false])(
  'an earlier design that is drafted a moment later is certified first (it reaches its certificate: %s), or the first training waits for two',
  async (reaches) => {
    const runner = scriptedRunner(({ program }) =>
      certificate(program.origin === 'builtin' ? 'b' : program.source.slice(0, 200)),
    );
    const common = { runner, think: scriptedThink(() => ({})).think, offlineCertificates: createOrderedSerial() };
    const released = Promise.withResolvers<void>();
    const earlier = playDesign(offline(1), { ...common, bus: slow(released.promise) });
    const later = playDesign(offline(2), { ...common, bus: scriptedBus().bus });
    await new Promise(setImmediate);
    expect([...runner.jobs.keys()]).toEqual([]);
    if (reaches) released.resolve();
    else released.reject(new Error('the archive is away'));
    await Promise.all([earlier, later]);
    const designs = [...runner.jobs.values()].map(({ labels }) => labels.experiment);
    expect(designs).toEqual(reaches ? ['c001-0001', 'c001-0002'] : ['c001-0002']);
  },
);
