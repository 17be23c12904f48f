import { isIP } from 'node:net';
import { isLoopback } from './loopback.ts';

/** Whether the server answers to this host name of a request. */
export type AllowedHost = (host: string) => boolean;

/**
 * A server answers to the names of this machine, to the one it is bound to, and to those that it is told. Where others
 * can reach it, also to addresses: only names can be made to point elsewhere.
 */
export function allowedHost(bound: string, named: readonly string[]): AllowedHost {
  const names = new Set([bound, ...named].map((name) => name.toLowerCase()));
  const reachable = !isLoopback(bound);
  return (host) =>
    isLoopback(host) || names.has(host.toLowerCase()) || (reachable && isIP(host.replace(/^\[|\]$/g, '')) !== 0);
}
