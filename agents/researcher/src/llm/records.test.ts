import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bus, connectBus } from '@asi/bus';
import { type ArmName, armNameSchema, campaignIdOf, experimentIdSchema } from '@asi/contracts';
import { type EmbeddedServers, startEmbeddedServers } from '@asi/lab/embedded-servers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { history } from '../testing/design-command.ts';
import type { Told } from '../testing/scripted-bus.ts';
import { analysedTold, designedTold, reference, referenceTold, trainedTold } from '../testing/told.ts';
import { followDesigns } from './earlier-designs.ts';
import { factsOf, referenceOf } from './records.ts';

let home: string;
let servers: EmbeddedServers;
let bus: Bus;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'asi-records-'));
  servers = await startEmbeddedServers({ home });
  bus = await connectBus({ url: servers.natsUrl, source: 'test/records' });
});
afterAll(async () => {
  await bus.close();
  await servers.stop();
  await rm(home, { recursive: true, force: true });
});

const tell = ({ definition, experimentId, data }: Told) =>
  bus.publish(definition, {
    experimentId: experimentId === null ? null : experimentIdSchema.parse(experimentId),
    campaignId: campaignIdOf(1),
    data,
  });

test('of an experiment the measurement counts that the director took, and its design and analysis', async () => {
  const entry = history({
    experimentId: 'c001-0003',
    baseline: null,
    languageModelLoss: 1.13,
    battery: 0.6,
    merit: 0.5,
  });
  expect(await factsOf(bus, entry)).toEqual({ design: null, measurement: null, analysis: null, certificateHash: null });
  await tell(designedTold('c001-0003', 'ours', 'why'));
  await tell(trainedTold('c001-0003', 0.6, 1.13));
  await tell(trainedTold('c001-0003', 0.7, 1.2));
  await tell(trainedTold('c001-0004', 0.8, 1.1));
  await tell(analysedTold('c001-0003', 'what it taught'));
  const facts = await factsOf(bus, entry);
  expect(facts.measurement?.battery).toBe(0.6);
  expect(facts.design?.name).toBe('ours');
  expect(facts.analysis?.text).toBe('what it taught');
});

test('the reference is the one of the campaign, not of another', async () => {
  await tell({ ...referenceTold, data: { campaignId: 'c002', reference: { ...reference, yardstick: 'other' } } });
  expect(await referenceOf(bus, 'c001')).toBeNull();
  await tell(referenceTold);
  expect((await referenceOf(bus, 'c001'))?.yardstick).toBe('y');
});

test('designs are followed: what is new in the journal is known to the next question, in the order of sampling', async () => {
  const designs = followDesigns(bus);
  const idsBefore = async (id: string) => (await designs.before({ experimentId: id, arm: null })).map((one) => one.id);
  await tell(designedTold('c001-10000', 'b', 'm'));
  await tell(designedTold('c001-9999', 'a', 'm'));
  expect(await idsBefore('c001-0003')).toEqual([]);
  expect(await idsBefore('c002-0001')).toEqual(['c001-0003', 'c001-9999', 'c001-10000']);
  await tell(designedTold('c002-0001', 'c', 'm'));
  expect(await idsBefore('c002-0002')).toEqual(['c001-0003', 'c001-9999', 'c001-10000', 'c002-0001']);
  expect(await idsBefore('c001-10000')).toEqual(['c001-0003', 'c001-9999']);
});

test('ideas of another arm of the campaign are not told, those of earlier campaigns are', async () => {
  const designs = followDesigns(bus);
  const [thinking, control] = ['thinking', 'control'].map((name) => armNameSchema.parse(name));
  const toldIn = async (id: string, arm: ArmName | undefined) => {
    const told = designedTold(id, id, 'm');
    await tell({ ...told, data: { ...(told.data as object), arm } } as Told);
  };
  await toldIn('c003-0001', thinking);
  await toldIn('c003-0002', control);
  const before = async (experimentId: string, arm: ArmName | undefined) =>
    (await designs.before({ experimentId, arm: arm ?? null })).map(({ id }) => id).filter((id) => id >= 'c003');
  expect(await before('c003-0003', thinking)).toEqual(['c003-0001']);
  expect(await before('c003-0003', control)).toEqual(['c003-0002']);
  expect(await before('c004-0001', control)).toEqual(['c003-0001', 'c003-0002']);
});
