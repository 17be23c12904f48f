import { fileURLToPath } from 'node:url';
import { type Clock, isAsiError, messageOf } from '@asi/contracts';
import type { Reading } from '@asi/reading';
import { Hono } from 'hono';
import { allowedHost } from './allowed-host.ts';
import { type EventSources, eventRoute } from './event-route.ts';
import { protect } from './protect.ts';
import { readingRoutes } from './reading-routes.ts';
import { sendJson } from './send-json.ts';
import { staticFiles } from './static-files.ts';

export type DashboardParts = {
  /** What it is bound to. */
  readonly host: string;
  /** Further names that it answers to. */
  readonly hosts: readonly string[];
  readonly reading: Reading;
  readonly clock: Clock;
  readonly events: Omit<EventSources, 'reading'>;
  readonly onError: (error: unknown, path: string) => void;
};

const publicFolder = fileURLToPath(new URL('../../public', import.meta.url));

/** Everything the observatory answers: the JSON of `/api`, the event stream, and the page that shows them. */
export function createDashboardApp({ host, hosts, reading, clock, events, onError }: DashboardParts): Hono {
  const app = new Hono();
  app.use(protect(allowedHost(host, hosts)));
  app.onError((error, context) => {
    onError(error, context.req.path);
    const terminal = isAsiError(error) && error.kind === 'terminal';
    const code = isAsiError(error) ? error.code : 'not-available';
    return sendJson(context, { code, message: messageOf(error) }, terminal ? 400 : 503);
  });
  app.get('/api/events', eventRoute({ ...events, reading }));
  app.get('/api/telemetry', (context) => sendJson(context, events.telemetry.list()));
  const shareOf = (id: string) => events.telemetry.list().find((one) => one.experimentId === id)?.share ?? null;
  app.route('/api', readingRoutes(reading, { shareOf, clock }));
  app.get('/api/*', (context) =>
    sendJson(context, { code: 'not-found', message: `there is no ${context.req.path}` }, 404),
  );
  app.get('*', staticFiles(publicFolder));
  return app;
}
