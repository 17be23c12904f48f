import { retryable, withoutPassword } from '@asi/contracts';
import { connect, type NatsConnection } from 'nats';

export type ConnectionOptions = { readonly url: string; readonly name: string; readonly firstConnectSeconds?: number };

/**
 * Connects and stays connected: reconnects for ever, because a restart of the broker must never end a process.
 * Throws a retryable error when no broker answers within `firstConnectSeconds`.
 */
export async function openConnection({
  url,
  name,
  firstConnectSeconds = 30,
}: ConnectionOptions): Promise<NatsConnection> {
  const deadline = Date.now() + firstConnectSeconds * 1000;
  for (;;) {
    try {
      return await connect({
        servers: url,
        name,
        maxReconnectAttempts: -1,
        reconnectTimeWait: 250,
        reconnectJitter: 100,
        timeout: 3000,
        pingInterval: 10_000,
      });
    } catch (error) {
      if (Date.now() > deadline) {
        throw retryable(
          'broker-unreachable',
          `no NATS server answers at ${withoutPassword(url)}: is the stack running? (asi up)`,
          {
            cause: error,
          },
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
