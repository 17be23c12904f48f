import type { Server } from 'node:http';
import { terminal } from '@asi/contracts';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';

export type Listening = { readonly url: string; close(): Promise<void> };

const firstPort = 7070;
const portsTried = 100;

/**
 * Listens on `port`; when it is null on the `earlier` one, if there is one and it is free, or on the first free port from 7070.
 * @throws terminal `port-in-use` when the port that was asked for is taken
 */
export async function listen(
  app: Hono,
  host: string,
  port: number | null,
  earlier: number | null = null,
): Promise<Listening> {
  const usual = Array.from({ length: portsTried }, (_, index) => firstPort + index);
  for (const candidate of port === null ? [...(earlier === null ? [] : [earlier]), ...usual] : [port]) {
    const server = createAdaptorServer({ fetch: app.fetch }) as Server;
    const code = await tryListen(server, host, candidate);
    if (code === null) return listeningOn(server, host);
    if (code !== 'EADDRINUSE' && code !== 'EACCES') {
      throw terminal('address-unusable', `the dashboard cannot listen on ${host}: ${code}; set ASI_DASHBOARD_HOST`);
    }
  }
  throw terminal(
    'port-in-use',
    port === null
      ? `no port from ${firstPort} to ${firstPort + portsTried - 1} is free for the dashboard; set ASI_DASHBOARD_PORT`
      : `port ${port} is in use: set ASI_DASHBOARD_PORT to another one, or leave it unset`,
  );
}

function tryListen(server: Server, host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, host, () => resolve(null));
  });
}

function listeningOn(server: Server, host: string): Listening {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
