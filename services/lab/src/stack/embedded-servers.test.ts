import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { connectBus } from '@asi/bus';
import { openDatabase } from '@asi/store';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { type EmbeddedServersOptions, startEmbeddedServers } from './embedded-servers.ts';
import { identify, isAlive, waitUntilGone } from './process-identity.ts';
import { temporaryFolder } from './testing/temporary-home.ts';

const counted = {
  type: 'asi.test.counted.v1',
  kind: 'adt',
  owner: 'lab',
  name: 'counted',
  data: z.object({ number: z.number() }),
} as const;

async function start(options: EmbeddedServersOptions) {
  const servers = await startEmbeddedServers(options);
  onTestFinished(() => servers.kill());
  return servers;
}

test.each(['a b#c', 'a?b=c&d', 'a%41%', 'a[b]*', 'ü\'"\\'])(
  'a state folder called %s keeps its documents in itself, where the next start finds them',
  async (name) => {
    const above = temporaryFolder();
    const home = join(above, name);
    for (const expected of [0, 1]) {
      const servers = await start({ home });
      const database = await openDatabase(servers.mongodbUrl);
      const documents = database.db.collection<{ _id: string }>('documents');
      expect(await documents.countDocuments({})).toBe(expected);
      if (expected === 0) await documents.insertOne({ _id: 'kept' });
      await database.close();
      await servers.stop();
    }
    expect(readdirSync(above)).toEqual([name]);
    expect(readdirSync(join(home, 'mongodb')).length).toBeGreaterThan(0);
  },
);

test('kill -9 loses no message and no document that was acknowledged', async () => {
  const home = temporaryFolder();
  const first = await start({ home });
  const bus = await connectBus({ url: first.natsUrl, source: 'lab/test' });
  const database = await openDatabase(first.mongodbUrl);
  const numbers = database.db.collection<{ _id: string }>('numbers');
  const acknowledged = { messages: 0, documents: 0 };
  const gone = Promise.withResolvers<void>();
  let dead = false;
  const untilDeath = (write: Promise<unknown>, count: keyof typeof acknowledged) =>
    Promise.race([write.then(() => acknowledged[count]++).catch(() => undefined), gone.promise]);
  for (let number = 0; !dead; number++) {
    if (number === 100) {
      void first.kill().then(() => {
        dead = true;
        gone.resolve();
      });
    }
    await untilDeath(bus.publish(counted, { experimentId: null, data: { number } }), 'messages');
    await untilDeath(numbers.insertOne({ _id: String(number) }), 'documents');
  }
  await Promise.all([bus.close(), database.close()]);

  const second = await start({ home });
  const busAgain = await connectBus({ url: second.natsUrl, source: 'lab/test' });
  const databaseAgain = await openDatabase(second.mongodbUrl);
  onTestFinished(async () => {
    await busAgain.close();
    await databaseAgain.close();
  });
  expect(acknowledged.messages).toBeGreaterThanOrEqual(100);
  expect(await busAgain.lastSequence()).toBeGreaterThanOrEqual(acknowledged.messages);
  expect(await databaseAgain.db.collection('numbers').countDocuments({})).toBeGreaterThanOrEqual(
    acknowledged.documents,
  );
});

test('a second instance on the same folder says who holds it', async () => {
  const home = temporaryFolder();
  const first = await start({ home });
  await expect(startEmbeddedServers({ home })).rejects.toMatchObject({
    kind: 'terminal',
    code: 'store-locked',
    message: expect.stringContaining(`process ${first.pid}`),
  });
  await first.stop();
  await start({ home });
});

test.each(['natsPort', 'mongoPort'] as const)('a %s that another program holds is named', async (which) => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  await expect(startEmbeddedServers({ home: temporaryFolder(), [which]: port })).rejects.toMatchObject({
    code: 'port-in-use',
    message: expect.stringContaining(String(port)),
  });
});

test('a disk with too little room is refused before anything is written', async () => {
  await expect(startEmbeddedServers({ home: temporaryFolder(), minFreeMebibytes: 1e9 })).rejects.toMatchObject({
    code: 'no-space',
    message: expect.stringContaining('free some space'),
  });
});

test('a damaged database is named, with what to do, and not in the words of its engine', async () => {
  const home = temporaryFolder();
  mkdirSync(join(home, 'mongodb'), { recursive: true });
  writeFileSync(join(home, 'mongodb', 'asi.sqlite'), 'this is no database. '.repeat(400));
  await expect(startEmbeddedServers({ home })).rejects.toMatchObject({
    code: 'store-damaged',
    message: expect.stringMatching(/^the database in .*mongodb is damaged \(file is not a database\); put back a copy/),
  });
});

test('stop ends with everything flushed, and may be called twice', async () => {
  const servers = await start({ home: temporaryFolder() });
  await servers.stop();
  await servers.stop();
  expect(identify(servers.pid)).toBeNull();
});

test('the servers end with the process that started them, even when that is killed', async () => {
  const script = `
    const { startEmbeddedServers } = await import(${JSON.stringify(join(import.meta.dirname, 'embedded-servers.ts'))});
    const servers = await startEmbeddedServers({ home: process.argv[1] });
    console.log(servers.pid);
    setInterval(() => {}, 1000);`;
  const starter = spawn(process.execPath, ['--input-type=module', '-e', script, temporaryFolder()]);
  onTestFinished(() => void starter.kill('SIGKILL'));
  const [printed] = await once(starter.stdout, 'data');
  const servers = identify(Number(String(printed)));
  expect(servers && isAlive(servers)).toBe(true);
  starter.kill('SIGKILL');
  expect(servers && (await waitUntilGone(servers, 10_000))).toBe(true);
});

test('a document is found by its key without reading the collection: a campaign of thousands would slow down with every experiment', async () => {
  const home = temporaryFolder();
  const servers = await start({ home });
  const database = await openDatabase(servers.mongodbUrl);
  onTestFinished(() => database.close());
  const notes = database.db.collection<{ _id: string }>('notes');
  await notes.insertOne({ _id: 'one' });
  const plan = async () => {
    // An explanation alone does not notice that the schema has changed, a search does.
    await notes.findOne({ _id: 'one' });
    return JSON.stringify(await notes.find({ _id: 'one' }).explain());
  };
  await expect.poll(plan, { timeout: 10_000 }).toMatch(/SEARCH \S+ USING INDEX/);
});

test.runIf(process.platform === 'linux')('Ctrl-C on a terminal does not reach servers that are read from', async () => {
  const { pid } = await start({ home: temporaryFolder() });
  const groupOf = (process: number | 'self') =>
    readFileSync(`/proc/${process}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')[2];
  expect(groupOf(pid)).toBe(String(pid));
  expect(groupOf('self')).not.toBe(String(pid));
});
