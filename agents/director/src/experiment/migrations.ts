import { terminal } from '@asi/contracts';
import type { Inflight } from '@asi/store';
import { experimentMachineVersion } from './machine.ts';

/** From version n to n + 1: pure and total. States may be added freely; renaming or removing one needs an entry here. */
const migrations: Record<number, (document: Inflight) => Inflight> = {};

/** The document as today's machine understands it. Throws a terminal error for a version that is newer than this code. */
export function migrated(document: Inflight): Inflight {
  let current = document;
  if (current.version > experimentMachineVersion) {
    throw terminal(
      'snapshot-too-new',
      `experiment ${document._id} was written by a newer version (${current.version}): update this installation`,
    );
  }
  while (current.version < experimentMachineVersion) {
    const migrate = migrations[current.version];
    if (!migrate)
      throw terminal('snapshot-too-old', `no migration from version ${current.version} of the experiment machine`);
    current = { ...migrate(current), version: current.version + 1 };
  }
  return current;
}
