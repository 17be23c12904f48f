import type { Isolation, IsolationProbe } from '@asi/runner-client';

const indent = ' '.repeat(25);

const groups: ReadonlyArray<readonly [IsolationProbe['verdict'], string]> = [
  ['blocked', 'proven, worked without the sandbox and fails within'],
  ['open', 'not promised on this tier, works within'],
  ['not-applicable', 'proves nothing, fails without the sandbox too'],
];

/** The attacks that the doctor tried, by what became of them; none where there is no sandbox. */
export function proofLines(isolation: Isolation | undefined): string[] {
  if (!isolation || isolation.probes.length === 0) return [];
  const lines = groups.flatMap(([verdict, words]) => {
    const names = isolation.probes.filter((one) => one.verdict === verdict).map(({ name }) => name);
    return names.length === 0 ? [] : [`${indent}${words}: ${names.join(', ')}\n`];
  });
  return [...lines, `${indent}proof ${isolation.hash}, repeated in the record of every result\n`];
}
