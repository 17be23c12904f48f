import type { ExperimentId } from './ids.ts';

/** The only file that builds or takes apart subjects: `asi.<kind>.<owner>.<name>.<experiment>`. */
export type MessageKind = 'cmd' | 'evt' | 'adt' | 'tel' | 'dlq';

export type SubjectParts = {
  readonly kind: MessageKind;
  readonly owner: string;
  readonly name: string;
  readonly experiment: ExperimentId | 'none';
};

const tokenPattern = /^[a-z0-9-]+$/;
const kinds: readonly string[] = ['cmd', 'evt', 'adt', 'tel', 'dlq'];

/** Kinds that the journal keeps for ever; telemetry is kept for a week in a stream of its own. */
export const journalSubjects = ['asi.cmd.>', 'asi.evt.>', 'asi.adt.>', 'asi.dlq.>'] as const;
export const telemetrySubjects = ['asi.tel.>'] as const;

export function buildSubject({ kind, owner, name, experiment }: SubjectParts): string {
  for (const part of [owner, name, experiment]) {
    if (!tokenPattern.test(part)) throw new TypeError(`"${part}" cannot stand in a subject: use a-z, 0-9 and -`);
  }
  return ['asi', kind, owner, name, experiment].join('.');
}

export function parseSubject(subject: string): SubjectParts | null {
  const [root, kind, owner, name, experiment, ...rest] = subject.split('.');
  if (root !== 'asi' || !kind || !owner || !name || !experiment || rest.length > 0 || !kinds.includes(kind))
    return null;
  return { kind: kind as MessageKind, owner, name, experiment: experiment as ExperimentId };
}

export const everyCommandFor = (role: string): string => `asi.cmd.${role}.>`;
export const everyEventOf = (role: string): string => `asi.evt.${role}.>`;
export const everyDeadLetter = 'asi.dlq.>';
export const deadLettersOf = (role: string): string => `asi.dlq.${role}.*.*`;
export const everyMessageOf = (experiment: string): string => `asi.*.*.*.${experiment}`;
export const filterFor = (kind: MessageKind, owner: string, name: string): string => `asi.${kind}.${owner}.${name}.*`;
export const serviceSubject = (role: string, endpoint: string): string => `asi.svc.${role}.${endpoint}`;
