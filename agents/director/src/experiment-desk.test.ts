import type { Bus } from '@asi/bus';
import type { ExperimentId } from '@asi/contracts';
import { experimentsIn, type Inflight, inflightIn } from '@asi/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openedDocument } from './campaign/candidate.ts';
import type { ExperimentEvent } from './experiment/context.ts';
import { contextOf, step } from './experiment/step.ts';
import { createExperimentDesk } from './experiment-desk.ts';
import { type Life, lives } from './testing/lives.ts';
import { type StartedStores, startStores } from './testing/start-stores.ts';

const clock = { now: () => new Date('2026-01-01T00:00:00.000Z') };
let stores: StartedStores;
beforeAll(async () => {
  stores = await startStores(clock);
});
afterAll(() => stores?.end());

let experiments = 0;
const nextId = () => `c001-${String(++experiments).padStart(4, '0')}` as ExperimentId;

type Told = { readonly first: Inflight; readonly events: readonly ExperimentEvent[]; readonly messages: string[] };

/** A life of this experiment without any store: its events, and the ids of all the messages that they cause. */
function told({ context, events }: Life, experimentId: ExperimentId): Told {
  const { source } = stores.bus;
  const first = openedDocument({ ...context, experimentId }, 'top-k', source, clock);
  const messages = first.outbox.map(({ envelope }) => envelope.id);
  let document = first;
  const made = events.slice(1).map((make, index) => {
    const event = make(contextOf(document));
    const result = step({ document, event, messageId: `message-${index}`, cause: null, source, clock });
    if (result.kind !== 'advanced') throw new Error(`${event.type} is ${result.kind}`);
    document = result.document;
    messages.push(...document.outbox.map(({ envelope }) => envelope.id));
    return event;
  });
  return { first, events: made, messages };
}

/** Lives it on the real stores, with `publishStamped` in the place of the broker's; only a last message comes again when it failed. */
async function live({ first, events }: Told, publishStamped: Bus['publishStamped']): Promise<void> {
  const id = first._id as ExperimentId;
  const desk = createExperimentDesk({
    bus: { ...stores.bus, publishStamped },
    clock,
    inflight: inflightIn(stores.database),
    experiments: experimentsIn(stores.database),
    crash: () => {},
    isFinished: () => false,
    afterCommit: async () => {},
    afterRecord: async () => {},
  });
  let isUnheard = false;
  const attempt = async (taking: Promise<void>) => {
    isUnheard = await taking.then(
      () => false,
      () => true,
    );
  };
  await attempt(desk.open(first));
  for (const [index, event] of events.entries()) await attempt(desk.advance(id, event, `message-${index}`, null));
  const last = events.at(-1);
  if (isUnheard && last) await desk.advance(id, last, `message-${events.length - 1}`, null);
}

/** Lives that go on by answers (two of them awaited at once), by deadlines, and by a person. */
const ways = lives.filter(({ name }) => ['completed', 'design-timeout', 'cancelled-while-training'].includes(name));

test.each(ways)(
  'a broker that fails under any one message of a life ($name) loses none of them, also when the next answer comes before the failed one comes again',
  async (life) => {
    const { length } = told(life, nextId()).messages;
    for (let place = 0; place < length; place++) {
      const own = told(life, nextId());
      const said = new Set<string>();
      let hasFailed = false;
      await live(own, async (definition, envelope) => {
        if (envelope.id === own.messages[place] && !hasFailed) {
          hasFailed = true;
          throw new Error('connect ECONNREFUSED');
        }
        said.add(envelope.id);
        return stores.bus.publishStamped(definition, envelope);
      });
      expect(hasFailed).toBe(true);
      expect([...said].sort()).toEqual([...own.messages].sort());
      expect(await inflightIn(stores.database).get(own.first._id)).toBeNull();
    }
  },
);

test.each(lives)(
  'who hears that an experiment is settled ($name) finds its record, and a director that dies then finds what to say again',
  async (life) => {
    const own = told(life, nextId());
    const found: unknown[] = [];
    await live(own, async (definition, envelope) => {
      if (definition.name === 'settled') {
        const record = await experimentsIn(stores.database).get(own.first._id);
        const document = await inflightIn(stores.database).get(own.first._id);
        found.push({ record: record?._id, document: document?._id });
      }
      return stores.bus.publishStamped(definition, envelope);
    });
    expect(found).toEqual([{ record: own.first._id, document: own.first._id }]);
  },
);
