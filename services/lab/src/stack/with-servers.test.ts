import { retryable } from '@asi/contracts';
import { expect, test } from 'vitest';
import { identify } from './process-identity.ts';
import { writeStack } from './stack-file.ts';
import { acquireStackLock } from './stack-lock.ts';
import { stateFolder } from './state-folder.ts';
import { temporaryFolder } from './testing/temporary-home.ts';
import { withServers } from './with-servers.ts';

const urls = { natsUrl: 'nats://me:secret@n:4222', mongodbUrl: 'mongodb://me:secret@m:27017/' };
const ownServers = { NATS_URL: urls.natsUrl, MONGODB_URL: urls.mongodbUrl };
const codes = ['broker-unreachable', 'database-unreachable', 'database-silent'];

/** What a reading ends with whose servers are silent, on a stack that runs or with servers of one's own. */
async function endsWith(code: string, stack: { readonly embedded: boolean } | null): Promise<Error> {
  const home = temporaryFolder();
  const folder = stateFolder({ ASI_HOME: home });
  const self = identify(process.pid);
  if (!self) throw new Error('this process has no start time');
  if (stack) {
    await acquireStackLock(folder, 'stack');
    writeStack(folder, { ...self, ...urls, ...stack, startedAt: '', runnerUrls: [], variables: [], processes: [] });
  }
  const read = async () => Promise.reject(retryable(code, 'nobody answers'));
  return withServers(read, { ASI_HOME: home, ...(stack ? {} : ownServers) }).catch((error: Error) => error);
}

test('of servers of the running stack that hang it is said how they are started again: nobody would guess asi down', async () => {
  for (const code of codes)
    expect(await endsWith(code, { embedded: true }), code).toMatchObject({
      code: code === 'database-silent' ? 'database-unreachable' : code,
      message: expect.stringMatching(
        /^the (NATS|MongoDB) server of the running stack does not answer at \S+: asi down .*; asi up /,
      ),
    });
});

test('of silent servers of one’s own the variable is named, also by a stack that was started with them, and no password', async () => {
  for (const code of codes)
    for (const stack of [null, { embedded: false }]) {
      const { message } = await endsWith(code, stack);
      expect(message).toMatch(/^(NATS_URL|MONGODB_URL)=\S+: no server answers there; start it/);
      expect(message).not.toContain('secret');
    }
});

test('whatever else ends a reading is told as it is', async () => {
  expect(await endsWith('no-campaign', { embedded: true })).toMatchObject({ message: 'nobody answers' });
});
