import type { Clock, EndpointWait } from '@asi/contracts';
import { type CircuitBreaker, createCircuitBreaker } from './circuit-breaker.ts';

export type CircuitBreakers = {
  /** The circuit breaker of an address, made when it is first wanted. */
  readonly of: (url: string) => CircuitBreaker;
  /** The addresses that serve nobody now, by their hosts alone. */
  readonly waits: () => EndpointWait[];
};

export function circuitBreakers(clock: Clock): CircuitBreakers {
  const breakers = new Map<string, CircuitBreaker>();
  return {
    of: (url) => {
      const breaker = breakers.get(url) ?? createCircuitBreaker(clock);
      breakers.set(url, breaker);
      return breaker;
    },
    waits: () =>
      [...breakers].flatMap(([url, breaker]) => {
        const wait = breaker.waitedFor();
        return wait ? [{ endpoint: new URL(url).host, reason: wait.reason, since: wait.since.toISOString() }] : [];
      }),
  };
}
