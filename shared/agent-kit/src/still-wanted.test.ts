import type { Bus, Definition } from '@asi/bus';
import { catalogue, type Envelope, trainAgain } from '@asi/contracts';
import { expect, it } from 'vitest';
import { stillWanted } from './still-wanted.ts';

type Command = Pick<Definition, 'kind' | 'owner' | 'name'>;
const nameOf = ({ kind, owner, name }: Command) => `${kind}.${owner}.${name}`;

/** A journal that holds the newest attempt of each command, and may hold the end of the experiment. */
const journal = (newest: ReadonlyArray<readonly [Command, number]>, settled = false) =>
  stillWanted({
    isOnRecord: async (definition) => settled && nameOf(definition) === nameOf(catalogue.settled),
    newestOnRecord: async (definition) => {
      const found = newest.find(([command]) => nameOf(command) === nameOf(definition));
      return found ? ({ attempt: found[1] } as Envelope) : null;
    },
  } satisfies Pick<Bus, 'isOnRecord' | 'newestOnRecord'>);

const attempt = (role: Parameters<ReturnType<typeof journal>>[0]['role'], number: number) => ({
  role,
  experimentId: 'c001-0001',
  attempt: number,
});

it('an attempt is wanted until a newer one of its own step is asked for: other steps have deadlines of their own', async () => {
  const isWanted = journal([
    [catalogue.design, 2],
    [catalogue.judge, 1],
  ]);
  expect(await isWanted(attempt('researcher', 1))).toBe(false);
  expect(await isWanted(attempt('researcher', 2))).toBe(true);
  expect(await isWanted(attempt('judge', 1))).toBe(true);
  expect(await isWanted(attempt('analyst', 1))).toBe(true);
});

it('a training that is asked for again outdates the first, although it comes on another subject', async () => {
  const isWanted = journal([
    [catalogue.train, 1],
    [trainAgain, 2],
  ]);
  expect(await isWanted(attempt('engineer', 1))).toBe(false);
  expect(await isWanted(attempt('engineer', 2))).toBe(true);
});

it('nothing is wanted for an experiment that has ended; what is asked for none always is', async () => {
  const isWanted = journal([[catalogue.design, 1]], true);
  expect(await isWanted(attempt('researcher', 1))).toBe(false);
  expect(await isWanted({ ...attempt('researcher', 1), experimentId: null })).toBe(true);
});
