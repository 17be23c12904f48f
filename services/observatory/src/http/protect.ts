import type { MiddlewareHandler } from 'hono';
import { hostOf, isLoopback } from './loopback.ts';

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * Reading only, from pages of this server only. Names, motivations and code come from untrusted minds: should one ever
 * get past the page's escaping, the policy lets no script of theirs run and no byte leave.
 * A server bound to loopback also refuses foreign `Host` names, because a hostile web page can point its own name at 127.0.0.1.
 */
export function protect(boundHost: string): MiddlewareHandler {
  const onlyLoopback = isLoopback(boundHost);
  return async (context, next) => {
    context.header('content-security-policy', contentSecurityPolicy);
    context.header('x-content-type-options', 'nosniff');
    context.header('referrer-policy', 'no-referrer');
    context.header('cross-origin-resource-policy', 'same-origin');
    context.header('cross-origin-opener-policy', 'same-origin');
    if (context.req.method !== 'GET' && context.req.method !== 'HEAD') {
      context.header('allow', 'GET, HEAD');
      return context.json({ code: 'read-only', message: 'the observatory only answers GET' }, 405);
    }
    if (onlyLoopback && !isLoopback(hostOf(context.req.header('host') ?? ''))) {
      return context.json({ code: 'host-refused', message: 'open the dashboard as 127.0.0.1 or localhost' }, 403);
    }
    return next();
  };
}
