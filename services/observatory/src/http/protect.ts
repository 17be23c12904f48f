import type { MiddlewareHandler } from 'hono';
import type { AllowedHost } from './allowed-host.ts';
import { hostOf } from './loopback.ts';

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
 * Names of others are refused, because a hostile web page can point its own name at this server (DNS rebinding).
 */
export function protect(isAllowed: AllowedHost): MiddlewareHandler {
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
    if (!isAllowed(hostOf(context.req.header('host') ?? ''))) {
      const message = 'open the dashboard as 127.0.0.1 or localhost, or add the name you use to ASI_DASHBOARD_HOSTS';
      return context.json({ code: 'host-refused', message }, 403);
    }
    return next();
  };
}
