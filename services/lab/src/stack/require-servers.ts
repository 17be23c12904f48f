import { connectBus } from '@asi/bus';
import { openReading } from '@asi/reading';
import type { ServerUrls } from './server-urls.ts';
import { silentOwnServer } from './silent-servers.ts';

const patienceSeconds = 5;

/**
 * Makes sure that servers of one's own answer, before processes are started that would wait for them without a word.
 * @throws terminal `broker-unreachable`, `database-unreachable` naming the variable
 */
export async function requireServers(urls: ServerUrls): Promise<void> {
  const { natsUrl, mongodbUrl } = urls;
  const patience = { source: `lab/asi-${process.pid}`, firstConnectSeconds: patienceSeconds };
  try {
    await (await connectBus({ url: natsUrl, ...patience })).close();
  } catch (error) {
    throw silentOwnServer('broker-unreachable', urls, error);
  }
  try {
    await (await openReading({ natsUrl, mongodbUrl, ...patience })).close();
  } catch (error) {
    throw silentOwnServer('database-unreachable', urls, error);
  }
}
