import { catalogue, parseSubject, terminal } from '@asi/contracts';
import type { Reading } from '@asi/reading';
import { findHouseMembers } from '../stack/house-member.ts';
import { repositoryRoot } from '../stack/toolchain.ts';

/**
 * Refuses a role that neither this house nor the journal knows.
 * @throws terminal `usage` listing those that are known
 */
export async function requireKnownRoles(reading: Reading, asked: readonly string[]): Promise<void> {
  const known = new Set([
    ...Object.values(catalogue).map(({ owner }) => owner),
    'lab',
    ...findHouseMembers(repositoryRoot).flatMap(({ name, kind }) => (kind === 'role' ? [name] : [])),
  ]);
  if (asked.every((role) => known.has(role))) return;
  // Roles of one's own, gates for example, are known by what they have said.
  for await (const { subject, source } of reading.journal({})) {
    const said = [parseSubject(subject)?.owner, source?.split('/')[0]];
    for (const role of said) if (role) known.add(role);
  }
  const unknown = asked.filter((role) => !known.has(role));
  if (unknown.length === 0) return;
  throw terminal(
    'usage',
    `--role ${unknown.join(' ')}: there is no such role; known are ${[...known].sort().join(', ')}`,
  );
}
