import { type AsiError, isAsiError, terminal, withoutPassword } from '@asi/contracts';
import type { ServerUrls } from './server-urls.ts';

type Code = 'broker-unreachable' | 'database-unreachable';

const servers = {
  'broker-unreachable': { server: 'NATS', variable: 'NATS_URL', url: 'natsUrl' },
  'database-unreachable': { server: 'MongoDB', variable: 'MONGODB_URL', url: 'mongodbUrl' },
} as const;

/**
 * What to do about a server that does not answer, which who connects to it cannot say: whose it is is not known there.
 * @param embedded whether it belongs to the running stack; else it is one's own
 * @returns terminal `broker-unreachable`, `database-unreachable`; null when the error says something else
 */
export function silentServer(error: unknown, urls: ServerUrls, embedded: boolean): AsiError | null {
  const code = codeOf(error);
  if (code === null || !embedded) return code && silentOwnServer(code, urls, error);
  const { server, url } = servers[code];
  return terminal(
    code,
    `the ${server} server of the running stack does not answer at ${withoutPassword(urls[url])}: asi down ends the stack, also one that hangs; asi up starts it again where it was`,
    { cause: error },
  );
}

/** The same of a server of one's own, whatever it was that went wrong there. */
export function silentOwnServer(code: Code, urls: ServerUrls, cause: unknown): AsiError {
  const { variable, url } = servers[code];
  return terminal(
    code,
    `${variable}=${withoutPassword(urls[url])}: no server answers there; start it, or unset NATS_URL and MONGODB_URL to use the embedded servers`,
    { cause },
  );
}

function codeOf(error: unknown): Code | null {
  if (!isAsiError(error)) return null;
  // It answered once; that it is asked again does not help whoever looks only once.
  if (error.code === 'database-silent') return 'database-unreachable';
  return error.code === 'broker-unreachable' || error.code === 'database-unreachable' ? error.code : null;
}
