import { encodeNonFinite } from '@asi/contracts';
import type { Context } from 'hono';

/** JSON in which a diverged loss stays visible (see contracts/numbers); never cached, because it is live. */
export const sendJson = (context: Context, value: unknown, status: 200 | 404 | 400 | 503 = 200): Response =>
  context.body(JSON.stringify(value, encodeNonFinite), status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
  });
