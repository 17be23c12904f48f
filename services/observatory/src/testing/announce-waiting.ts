import type { Bus } from '@asi/bus';
import type { EndpointWait } from '@asi/contracts';

/** A researcher that answers on the bus and waits for an endpoint. */
export function announceWaiting(bus: Bus, wait: Omit<EndpointWait, 'since'>) {
  const startedAt = new Date().toISOString();
  return bus.announce(() => ({
    role: 'researcher',
    instance: 'waiting',
    version: '1.0.0',
    state: 'ready.working',
    tasks: [],
    startedAt,
    handled: 0,
    failed: 0,
    deadLetters: 0,
    memoryBytes: 1,
    details: {},
    waits: [{ ...wait, since: startedAt }],
  }));
}
