import type { Clock } from '@asi/contracts';
import { type CircuitBreaker, createCircuitBreaker } from './circuit-breaker.ts';

/** The circuit breaker of each address, made when it is first wanted. */
export function circuitBreakers(clock: Clock): (url: string) => CircuitBreaker {
  const breakers = new Map<string, CircuitBreaker>();
  return (url) => {
    const breaker = breakers.get(url) ?? createCircuitBreaker(clock);
    breakers.set(url, breaker);
    return breaker;
  };
}
