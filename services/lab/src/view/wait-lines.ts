import type { EndpointWait, ProcessStatus } from '@asi/contracts';
import { duration } from './format.ts';
import { printable } from './text-width.ts';

type Waiting = EndpointWait & { readonly roles: readonly string[] };

/** Endpoints that serve nobody, each once, with the roles that wait for it; `longerThan`: what passes sooner is no news. */
export function waitsOf(
  processes: ReadonlyArray<Pick<ProcessStatus, 'role' | 'waits'>>,
  now: Date,
  longerThan = 0,
): Waiting[] {
  const byEndpoint = new Map<string, Waiting>();
  for (const { role, waits = [] } of processes)
    for (const wait of waits) {
      const known = byEndpoint.get(wait.endpoint);
      const oldest = known && known.since < wait.since ? known : wait;
      byEndpoint.set(wait.endpoint, { ...oldest, roles: [...new Set([...(known?.roles ?? []), role])] });
    }
  return [...byEndpoint.values()].filter(({ since }) => now.getTime() - Date.parse(since) >= longerThan);
}

/** `researcher waits for 127.0.0.1:9: Connection error: ECONNREFUSED, since 40 s` */
export const waitLine = ({ roles, endpoint, reason, since }: Waiting, now: Date): string =>
  `${roles.join(', ')} ${roles.length === 1 ? 'waits' : 'wait'} for ${printable(endpoint)}: ${printable(reason)}, since ${duration((now.getTime() - Date.parse(since)) / 1000)}`;
