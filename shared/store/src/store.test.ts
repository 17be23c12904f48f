import { mkdtempSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashText } from '@asi/contracts';
import { startEmbeddedServers } from '@asi/lab/embedded-servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { artifactsIn } from './artifacts.ts';
import { type Database, openDatabase } from './database.ts';
import { recordsOf } from './records.ts';
import { revisionsOf } from './revisions.ts';

const home = mkdtempSync(join(tmpdir(), 'asi-store-'));
let servers: Awaited<ReturnType<typeof startEmbeddedServers>>;
let database: Database;

beforeAll(async () => {
  servers = await startEmbeddedServers({ home });
  database = await openDatabase(servers.mongodbUrl);
});
afterAll(async () => {
  await database?.close();
  await servers?.stop();
  rmSync(home, { recursive: true, force: true });
});

const isFind = (written: unknown): boolean => Buffer.isBuffer(written) && written.includes('find');
const recordSchema = z.object({ _id: z.string(), loss: z.union([z.number(), z.string().transform(Number)]) });
const revisedSchema = z.object({ _id: z.string(), rev: z.number(), word: z.string() });

describe('records', () => {
  it('are inserted once and never changed by a second insert', async () => {
    const records = recordsOf(database, 'records', recordSchema);
    expect(await records.insert({ _id: 'a', loss: 1 })).toBe(true);
    expect(await records.insert({ _id: 'a', loss: 2 })).toBe(false);
    expect(await records.get('a')).toEqual({ _id: 'a', loss: 1 });
    expect(await records.get('missing')).toBeNull();
  });

  it('keep a diverged loss as what it was', async () => {
    const records = recordsOf(database, 'records', recordSchema);
    await records.insert({ _id: 'diverged', loss: Number.NaN });
    expect((await records.get('diverged'))?.loss).toBeNaN();
  });

  it('are read in the order of their keys', async () => {
    const records = recordsOf(database, 'ordered', recordSchema);
    for (const _id of ['c', 'a', 'b']) await records.insert({ _id, loss: 0 });
    const seen: string[] = [];
    for await (const record of records.all()) seen.push(record._id);
    expect(seen).toEqual(['a', 'b', 'c']);
  });

  it('are refused when a document does not have their shape, instead of being half understood', async () => {
    await database.db.collection<{ _id: string }>('records').insertOne({ _id: 'odd' });
    await expect(recordsOf(database, 'records', recordSchema).get('odd')).rejects.toThrow();
  });
});

describe('revisions', () => {
  it('refuse a write that did not read the newest revision', async () => {
    const revisions = revisionsOf(database, 'revisions', revisedSchema);
    await revisions.create({ _id: 'a', rev: 0, word: 'first' });
    expect(await revisions.replace({ _id: 'a', rev: 1, word: 'second' })).toBe(true);
    expect(await revisions.replace({ _id: 'a', rev: 1, word: 'late' })).toBe(false);
    expect(await revisions.replace({ _id: 'a', rev: 3, word: 'from the future' })).toBe(false);
    expect(await revisions.get('a')).toEqual({ _id: 'a', rev: 1, word: 'second' });
  });

  it('read back what they packed, and what was stored before it was packed', async () => {
    const nestedSchema = z.object({ _id: z.string(), rev: z.number(), body: z.unknown() });
    const plain = revisionsOf(database, 'packed', nestedSchema);
    const packed = revisionsOf(database, 'packed', nestedSchema, ['body']);
    const body = { loss: 1.5, list: [1, { deep: 'é' }], none: null };
    await plain.create({ _id: 'older', rev: 0, body });
    await packed.create({ _id: 'new', rev: 0, body });
    expect(await packed.replace({ _id: 'older', rev: 1, body: [body] })).toBe(true);
    expect(await packed.all()).toEqual([
      { _id: 'new', rev: 0, body },
      { _id: 'older', rev: 1, body: [body] },
    ]);
    expect(await database.db.collection<{ _id: string }>('packed').findOne({ _id: 'new' })).not.toHaveProperty('body');
  });

  it('are created once', async () => {
    const revisions = revisionsOf(database, 'revisions', revisedSchema);
    expect(await revisions.create({ _id: 'once', rev: 0, word: 'x' })).toBe(true);
    expect(await revisions.create({ _id: 'once', rev: 0, word: 'y' })).toBe(false);
    await revisions.remove('once');
    expect(await revisions.get('once')).toBeNull();
  });
});

describe('artifacts', () => {
  it('are found by the hash of their text, and stored once', async () => {
    const artifacts = artifactsIn(database);
    const hash = await artifacts.put('print(1)', 'text/x-python');
    expect(hash).toBe(hashText('print(1)'));
    expect(await artifacts.put('print(1)', 'text/x-python')).toBe(hash);
    expect(await artifacts.get(hash)).toMatchObject({ body: 'print(1)', bytes: 8 });
  });
});

it('an operation whose connection breaks just before it is written fails, and is not waited for without end', async () => {
  const impatient = await openDatabase(servers.mongodbUrl, 'asi', 5, 1);
  const records = recordsOf(impatient, 'records', recordSchema);
  const write = Socket.prototype.write;
  Socket.prototype.write = function (this: Socket, ...args: never[]) {
    if (isFind(args[0])) this.destroy();
    return Reflect.apply(write, this, args);
  };
  try {
    await expect(records.get('a')).rejects.toMatchObject({ kind: 'retryable', code: 'database-silent' });
  } finally {
    Socket.prototype.write = write;
  }
  expect(await records.get('missing')).toBeNull();
  await impatient.close();
});

it('a collection of many batches is read whole, although each operation has a limit of time', async () => {
  const numbers = recordsOf(database, 'numbers', recordSchema);
  const ids = Array.from({ length: 450 }, (_, index) => String(index).padStart(3, '0'));
  for (const _id of ids) await numbers.insert({ _id, loss: 0 });
  const read = [];
  for await (const { _id } of numbers.all()) read.push(_id);
  expect(read).toEqual(ids);
});

it('says where it looked when no server answers, without the password', async () => {
  await expect(openDatabase('mongodb://user:secret@127.0.0.1:1/', 'asi', 0)).rejects.toMatchObject({
    kind: 'retryable',
    code: 'database-unreachable',
    message: expect.not.stringContaining('secret'),
  });
});
