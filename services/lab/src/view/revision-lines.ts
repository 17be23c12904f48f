import type { Revision } from '@asi/contracts';
import type { Paint } from './paint.ts';
import { printable } from './text-width.ts';

/** What the engineer changed before and between trainings: why, what, and where the difference is read. */
export function revisionLines(id: string, revisions: readonly Revision[], paint: Paint): string[] {
  const times = revisions.length === 1 ? 'once' : `${revisions.length} times`;
  return [
    `changed ${times} by the engineer, because a training, or the first steps tried before it, had failed:`,
    ...revisions.flatMap(({ cause, reason, diffHash, remarks = [] }, index) => [
      `${index + 1}. after ${cause.code}: ${printable(cause.message)}`,
      `   ${printable(reason)}`,
      ...remarks.map((one) => paint.dim(`   engineer: ${printable(one)}`)),
      paint.dim(`   difference: asi show ${id} --artifact ${diffHash}`),
    ]),
  ];
}
