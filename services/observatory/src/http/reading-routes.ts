import type { Clock } from '@asi/contracts';
import { type Reading, roughSecondsLeft } from '@asi/reading';
import { type Context, Hono } from 'hono';
import { newestLines } from '../journal/newest-lines.ts';
import { journalQuerySchema } from './journal-query.ts';
import { sendJson } from './send-json.ts';

/** What the views are made from besides the documents. */
export type LiveSource = { readonly shareOf: (experimentId: string) => number | null; readonly clock: Clock };

/**
 * The views of `@asi/reading` as JSON, word for word what `asi … --json` prints; but the time left is known roughly, by the
 * trainings under way, also before the campaign has a pace.
 */
export function readingRoutes(reading: Reading, { shareOf, clock }: LiveSource): Hono {
  const progress = async (id: string) => {
    const view = await reading.progress(id);
    if (view?.state !== 'running' || view.secondsLeft !== null) return view;
    return { ...view, secondsLeft: roughSecondsLeft(view, shareOf, clock.now()) };
  };
  const campaignViews = {
    progress,
    leaderboard: reading.leaderboard,
    failures: reading.failures,
    tree: reading.tree,
    history: reading.history,
    contributions: reading.contributions,
    costs: reading.costs,
    calls: reading.calls,
  };
  const app = new Hono();
  app.get('/campaigns', async (context) => sendJson(context, await reading.campaigns()));
  for (const [path, view] of Object.entries({ '': reading.campaign, ...campaignViews })) {
    app.get(`/campaigns/:id${path && `/${path}`}`, async (context) => {
      const id = context.req.param('id');
      return sendFound(context, await view(id), `there is no campaign ${id}`);
    });
  }
  // Null is an answer: most campaigns are not split.
  app.get('/campaigns/:id/arms', async (context) => sendJson(context, await reading.arms(context.req.param('id'))));
  app.get('/experiments/:id', async (context) => {
    const id = context.req.param('id');
    return sendFound(context, await reading.experiment(id), `there is no experiment ${id}`);
  });
  app.get('/experiments/:id/curves', async (context) =>
    sendFound(context, await reading.curves(context.req.param('id'))),
  );
  app.get('/experiments/:id/calls', async (context) =>
    sendJson(context, await reading.callsFor(context.req.param('id'))),
  );
  app.get('/experiments/:id/journal', async (context) => {
    const lines = [];
    for await (const line of reading.journal({ experimentId: context.req.param('id') })) lines.push(line);
    return sendJson(context, lines);
  });
  // A body is never served under a media type of its own: it comes from untrusted minds.
  app.get('/artifacts/:hash', async (context) => sendFound(context, await reading.artifact(context.req.param('hash'))));
  app.get('/status', async (context) => sendJson(context, await reading.status()));
  app.get('/journal', async (context) => {
    const query = journalQuerySchema.safeParse(context.req.query());
    if (!query.success) {
      return sendJson(context, { code: 'query-invalid', message: query.error.issues[0]?.message ?? 'invalid' }, 400);
    }
    return sendJson(context, await newestLines(reading, query.data));
  });
  app.get('/journal/:sequence', async (context) => {
    const sequence = Number(context.req.param('sequence'));
    if (!Number.isSafeInteger(sequence) || sequence < 1) return sendFound(context, null);
    for await (const record of reading.bus.journal({ fromSequence: sequence })) {
      return sendFound(context, record.sequence === sequence ? record : null);
    }
    return sendFound(context, null);
  });
  return app;
}

const sendFound = (context: Context, value: unknown, missing = `nothing is known at ${context.req.path}`): Response =>
  value === null ? sendJson(context, { code: 'not-found', message: missing }, 404) : sendJson(context, value);
