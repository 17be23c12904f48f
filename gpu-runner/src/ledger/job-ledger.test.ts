import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type JobEvent, type JobEventBody, type JobId, jobIdSchema } from '@asi/runner-client';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { exampleSpec } from '../testing/example-spec.ts';
import { followEvents } from './follow-events.ts';
import { type JobLedger, openJobLedger } from './job-ledger.ts';

const folder = mkdtempSync(join(tmpdir(), 'asi-ledger-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const jobId = jobIdSchema.parse('job');
let homes = 0;
const newHome = (): string => join(folder, String(++homes));
const clock = { now: () => new Date(1_700_000_000_000) };
const open = (home: string): JobLedger => openJobLedger(home, { clock, durable: false });
const logEvent = (text: string): JobEventBody => ({ type: 'log', level: 'info', text });
const lost = (origin: 'grammar' = 'grammar'): JobEventBody => ({
  type: 'finished',
  outcome: { status: 'lost', message: 'test' },
  provenance: {
    isolationTier: 0,
    isolationHash: '',
    recipe: 'none',
    origin,
    device: 'cpu',
    versions: { runner: '', trainer: '', torch: '', python: '' },
  },
  times: { queued: '', started: null, working: null, finished: '' },
});
const eventsOf = async (ledger: JobLedger, id: JobId, afterSeq = 0): Promise<JobEvent[]> => {
  const stop = new AbortController();
  const events: JobEvent[] = [];
  for await (const event of followEvents(ledger, id, afterSeq, 1, stop.signal)) {
    if (event === null) stop.abort();
    else events.push(event);
  }
  return events;
};

it('continues without gap or repeat after a crash at any byte of the event file', async () => {
  const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 40 }), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(texts, fc.nat(), async (written, cut) => {
      const home = newHome();
      const before = open(home);
      before.submit(jobId, exampleSpec('none'));
      before.launch(jobId, { process: null, slot: 0, started: 'now' });
      const ends = written.map((text) => {
        before.append(jobId, logEvent(text));
        return before.get(jobId).bytes;
      });
      const file = before.eventFile(jobId);
      before.close();
      const kept = cut % (statSync(file).size + 1);
      truncateSync(file, kept);

      const after = open(home);
      const survivors = ends.filter((end) => end <= kept).length;
      expect(after.get(jobId)).toMatchObject({ state: 'running', lastSeq: survivors });
      after.append(jobId, logEvent('next'));
      const events = await eventsOf(after, jobId);
      expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: survivors + 1 }, (_, index) => index + 1));
      const expected = [...written.slice(0, survivors), 'next'].map(logEvent);
      expect(events.map(({ event }) => event)).toEqual(expected);
      after.close();
    }),
    { numRuns: 60 },
  );
});

it('knows finished jobs again after a restart, with or without their summary', () => {
  const home = newHome();
  const before = open(home);
  before.submit(jobId, exampleSpec('none', { labels: { a: 'b' } }));
  before.launch(jobId, { process: { pid: 4, startTime: '5' }, slot: 1, started: 'then' });
  before.append(jobId, lost());
  const known = before.get(jobId);
  before.close();
  expect(open(home).get(jobId)).toEqual(known);
  rmSync(join(before.folder(jobId), 'summary.json'));
  expect(open(home).get(jobId)).toEqual(known);
});

it('keeps only the newest finished jobs over a restart, and all that are not finished', () => {
  const home = newHome();
  let time = 0;
  const before = openJobLedger(home, { clock: { now: () => new Date(++time) }, durable: false });
  const ids = ['d', 'c', 'b', 'a'].map((name) => jobIdSchema.parse(name));
  for (const id of ids) before.submit(id, exampleSpec('none'));
  for (const id of ids.slice(1)) before.append(id, { ...lost(), times: before.get(id).times } as JobEventBody);
  before.close();
  const after = openJobLedger(home, { clock, durable: false, keepFinished: 2 });
  expect([...after.all()].map((record) => record.jobId)).toEqual(['d', 'b', 'a']);
  expect(existsSync(before.folder(jobIdSchema.parse('c')))).toBe(false);
});

it('forgets a submission that was never acknowledged because its file is incomplete', () => {
  const home = newHome();
  const before = open(home);
  before.submit(jobId, exampleSpec('none'));
  truncateSync(join(before.folder(jobId), 'spec.json'), 20);
  const after = open(home);
  expect([...after.all()]).toEqual([]);
  expect(after.submit(jobId, exampleSpec('other')).existed).toBe(false);
});

it('says what to do when a job cannot be stored, and takes it once it can', () => {
  const home = newHome();
  const ledger = open(home);
  const inTheWay = ledger.folder(jobId);
  writeFileSync(inTheWay, '');
  expect(() => ledger.submit(jobId, exampleSpec('none'))).toThrow('free disk space');
  rmSync(inTheWay);
  expect(ledger.submit(jobId, exampleSpec('none')).existed).toBe(false);
});

it('does not take labels for part of the work, and everything else it does', () => {
  const ledger = open(newHome());
  ledger.submit(jobId, exampleSpec('none'));
  expect(ledger.submit(jobId, exampleSpec('none', { labels: { trace: '2' } })).existed).toBe(true);
  for (const change of [{ seed: 2 }, { attempt: 2 }, { token: 'another' }, { evaluationSeed: 'x' }, { suite: 'y' }]) {
    expect(() => ledger.submit(jobId, exampleSpec('none', change))).toThrow('another job id');
  }
});

it('reads only the events that were asked for, whole lines only', async () => {
  const ledger = open(newHome());
  ledger.submit(jobId, exampleSpec('none'));
  const long = 'x'.repeat(300_000);
  for (const text of ['a', long, 'c']) ledger.append(jobId, logEvent(text));
  ledger.append(jobId, lost());
  const events = await eventsOf(ledger, jobId, 1);
  expect(events.map(({ seq }) => seq)).toEqual([2, 3, 4]);
  expect(events[0]?.event).toEqual(logEvent(long));
  expect(readFileSync(ledger.eventFile(jobId), 'utf8').split('\n')).toHaveLength(5);
});
