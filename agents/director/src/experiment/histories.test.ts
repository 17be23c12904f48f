import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Clock } from '@asi/contracts';
import { type Inflight, inflightSchema } from '@asi/store';
import { describe, expect, it } from 'vitest';
import { lives } from '../testing/lives.ts';
import type { ExperimentEvent } from './context.ts';
import { experimentMachine, experimentMachineVersion } from './machine.ts';
import { migrated } from './migrations.ts';
import { contextOf, newDocument, step } from './step.ts';

type History = {
  readonly version: number;
  readonly steps: ReadonlyArray<{ readonly event: ExperimentEvent; readonly document: Inflight }>;
  readonly first: Inflight;
};

const folder = new URL('./histories/', import.meta.url);
const clock: Clock = { now: () => new Date('2026-01-01T00:00:00.000Z') };
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

function after(document: Inflight, event: ExperimentEvent, index: number): Inflight {
  const result = step({
    document: migrated(document),
    event,
    messageId: `message-${index}`,
    cause: null,
    source: 'director/recorded',
    clock,
  });
  if (result.kind !== 'advanced') throw new Error(`${event.type} in ${document.view.state} is ${result.kind}`);
  return plain(result.document);
}

/** Records the lives of this version, once: a recorded history is never changed again, whatever the machine becomes. */
function record(): void {
  for (const life of lives) {
    const file = new URL(`v${experimentMachineVersion}-${life.name}.json`, folder);
    if (existsSync(file)) continue;
    const first = plain(newDocument(life.context, clock));
    const steps: Array<{ event: ExperimentEvent; document: Inflight }> = [];
    let document = first;
    for (const [index, make] of life.events.entries()) {
      const event = make(contextOf(document));
      document = after(document, event, index);
      steps.push({ event, document });
    }
    writeFileSync(file, `${JSON.stringify({ version: experimentMachineVersion, first, steps })}\n`);
  }
}

if (process.env.ASI_RECORD_HISTORIES === '1') record();

describe('recorded histories', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

  it('exist for this version of the machine: record them with ASI_RECORD_HISTORIES=1', () => {
    for (const life of lives) expect(files).toContain(`v${experimentMachineVersion}-${life.name}.json`);
  });

  it('together pass every state of the machine', () => {
    const seen = new Set<string>();
    for (const name of files)
      for (const { document } of read(name).steps)
        for (const part of JSON.stringify(document.snapshot).match(/"[a-zA-Z]+"/g) ?? []) seen.add(part.slice(1, -1));
    const transient = ['sampled', 'designed', 'assessed', 'deciding'];
    for (const state of Object.keys(experimentMachine.states))
      if (!transient.includes(state)) expect(seen, state).toContain(state);
  });

  it.each(files)('%s is understood by this code: every recorded message leads to the recorded state', (name) => {
    const { first, steps } = read(name);
    let document = first;
    for (const [index, recorded] of steps.entries()) {
      document = after(document, recorded.event, index);
      expect(document.view.state).toBe(recorded.document.view.state);
      expect(sent(document)).toEqual(sent(recorded.document));
      // What messages and readers are told may become richer; which messages are sent, and the state that is stored, may not change within a version.
      if (recorded.document.version === experimentMachineVersion) {
        const { view, ...stored } = recorded.document;
        expect({ ...document, outbox: [] }).toEqual({ ...stored, outbox: [], view: expect.objectContaining(view) });
      }
    }
  });
});

const sent = (document: Inflight) => document.outbox.map(({ envelope }) => [envelope.id, envelope.type]);

function read(name: string): History {
  const history = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as History;
  return { ...history, first: inflightSchema.parse(history.first) };
}
