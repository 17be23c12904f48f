import { createServer } from 'node:net';

// Below every system's range of ephemeral ports (Linux from 32768, macOS and Windows from 49152). A client that
// keeps reconnecting to a server that is away may be given the very port it dials as its own, and then it is
// connected to itself and the server can never bind again.
const lowest = 20_000;
const highest = 32_000;

/** True when a server could listen on this port of 127.0.0.1 now. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ host: '127.0.0.1', port, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/**
 * Ports of 127.0.0.1 that are free now, each another one.
 * @param count how many
 * @param random draws from [0, 1); two stacks that start at once rarely try the same ports
 */
export async function freePorts(count: number, random: () => number = Math.random): Promise<number[]> {
  const found: number[] = [];
  for (let port = lowest + Math.floor(random() * (highest - lowest)), tried = 0; found.length < count; port++) {
    if (tried++ > highest - lowest) throw new Error(`no ${count} free ports between ${lowest} and ${highest}`);
    if (port >= highest) port = lowest;
    if (await isPortFree(port)) found.push(port);
  }
  return found;
}
