import { createLog } from '@asi/agent-kit';
import type { Bus } from '@asi/bus';
import type { Clock } from '@asi/contracts';
import { campaignsIn, type Database, experimentsIn, inflightIn } from '@asi/store';
import { createDirector, type Director, type DirectorOptions } from '../director.ts';

/** A director on these stores, but for what stands in for them, that has finished what a predecessor left. */
export async function startDirector(
  bus: Bus,
  database: Database,
  clock: Clock,
  instead: Partial<DirectorOptions> = {},
): Promise<Director> {
  const director = createDirector({
    drawSecret: () => 'secret',
    bus,
    clock,
    log: createLog('director', 'test', 'silent'),
    campaigns: campaignsIn(database),
    inflight: inflightIn(database),
    experiments: experimentsIn(database),
    crash: () => {},
    ...instead,
  });
  await director.recover();
  return director;
}
