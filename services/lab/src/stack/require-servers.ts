import { connectBus } from '@asi/bus';
import { terminal } from '@asi/contracts';
import { openDatabase } from '@asi/store';
import type { ServerUrls } from './server-urls.ts';

const patienceSeconds = 5;

/**
 * Makes sure that servers of one's own answer, before processes are started that would wait for them without a word.
 * @throws terminal `broker-unreachable`, `database-unreachable` naming the variable
 */
export async function requireServers({ natsUrl, mongodbUrl }: ServerUrls): Promise<void> {
  const options = { source: `lab/asi-${process.pid}`, firstConnectSeconds: patienceSeconds };
  const [bus, database] = await Promise.allSettled([
    connectBus({ url: natsUrl, ...options }),
    openDatabase(mongodbUrl, 'asi', patienceSeconds),
  ]);
  for (const each of [bus, database]) if (each.status === 'fulfilled') await each.value.close();
  if (bus.status === 'rejected') throw silent('broker-unreachable', 'NATS_URL', natsUrl, bus.reason);
  if (database.status === 'rejected') throw silent('database-unreachable', 'MONGODB_URL', mongodbUrl, database.reason);
}

const silent = (code: string, variable: string, url: string, cause: unknown) =>
  terminal(
    code,
    `${variable}=${withoutPassword(url)}: no server answers there; start it, or unset NATS_URL and MONGODB_URL to use the embedded servers`,
    { cause },
  );

const withoutPassword = (url: string): string => url.replace(/\/\/[^@/]*@/g, '//***@');
