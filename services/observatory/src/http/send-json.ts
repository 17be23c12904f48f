import { viewJson } from '@asi/reading';
import type { Context } from 'hono';

/** JSON in which a diverged loss stays visible and no seed of held-out data is (see viewJson); never cached, because it is live. */
export const sendJson = (context: Context, value: unknown, status: 200 | 404 | 400 | 503 = 200): Response =>
  context.body(viewJson(value), status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
  });
