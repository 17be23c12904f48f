import { type OrderedSerial, runTask } from '@asi/agent-kit';
import type { DesignCommand, researcherMachine } from './machine.ts';

type Task = Omit<Parameters<typeof runTask>[2], 'experimentId'>;

/**
 * Takes one command through the machine. From here on the certificate of an offline design has its place: those of later
 * designs, which may be drafted a moment sooner, wait until it has come or this one has ended without.
 */
export function takeDesign(
  machine: typeof researcherMachine,
  command: DesignCommand,
  task: Task,
  offlineCertificates: OrderedSerial,
) {
  const { mind, ordinal, experimentId } = command.data;
  const callOff = mind === 'offline' ? offlineCertificates.expect(ordinal) : () => undefined;
  return runTask(machine, { command }, { ...task, experimentId }).finally(callOff);
}
