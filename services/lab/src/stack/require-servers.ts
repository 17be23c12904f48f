import { connectBus } from '@asi/bus';
import { terminal } from '@asi/contracts';
import { openReading } from '@asi/reading';
import type { ServerUrls } from './server-urls.ts';

const patienceSeconds = 5;

/**
 * Makes sure that servers of one's own answer, before processes are started that would wait for them without a word.
 * @throws terminal `broker-unreachable`, `database-unreachable` naming the variable
 */
export async function requireServers({ natsUrl, mongodbUrl }: ServerUrls): Promise<void> {
  const patience = { source: `lab/asi-${process.pid}`, firstConnectSeconds: patienceSeconds };
  try {
    await (await connectBus({ url: natsUrl, ...patience })).close();
  } catch (error) {
    throw silent('broker-unreachable', 'NATS_URL', natsUrl, error);
  }
  try {
    await (await openReading({ natsUrl, mongodbUrl, ...patience })).close();
  } catch (error) {
    throw silent('database-unreachable', 'MONGODB_URL', mongodbUrl, error);
  }
}

const silent = (code: string, variable: string, url: string, cause: unknown) =>
  terminal(
    code,
    `${variable}=${withoutPassword(url)}: no server answers there; start it, or unset NATS_URL and MONGODB_URL to use the embedded servers`,
    { cause },
  );

const withoutPassword = (url: string): string => url.replace(/\/\/[^@/]*@/g, '//***@');
