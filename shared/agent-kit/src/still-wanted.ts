import type { Bus, Definition } from '@asi/bus';
import { catalogue, type ExperimentId, type ThinkingRole, trainAgain } from '@asi/contracts';

type Command = Pick<Definition, 'kind' | 'owner' | 'name'>;

/** By which the director asks a role to think. */
const commands: Readonly<Record<ThinkingRole, readonly Command[]>> = {
  researcher: [catalogue.design],
  engineer: [catalogue.train, trainAgain],
  judge: [catalogue.judge],
  analyst: [catalogue.analyse],
};

/** One try of a role at its step of an experiment. */
export type Attempt = {
  readonly role: ThinkingRole;
  readonly experimentId: string | null;
  readonly attempt: number;
};

/**
 * Tells of an attempt whether anybody still waits for it: its experiment has not ended, and its role was not asked anew
 * because the deadline had passed. Asked of the journal, so that every instance of a role knows it, after any restart.
 */
export function stillWanted(bus: Pick<Bus, 'isOnRecord' | 'newestOnRecord'>): (attempt: Attempt) => Promise<boolean> {
  return async ({ role, experimentId, attempt }) => {
    if (experimentId === null) return true;
    const id = experimentId as ExperimentId;
    const [settled, ...newest] = await Promise.all([
      bus.isOnRecord(catalogue.settled, id),
      ...commands[role].map((command) => bus.newestOnRecord(command, id)),
    ]);
    return !settled && newest.every((command) => (command?.attempt ?? 0) <= attempt);
  };
}
