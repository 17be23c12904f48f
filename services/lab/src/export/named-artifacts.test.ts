import { expect, test } from 'vitest';
import { namedArtifacts } from './named-artifacts.ts';

const [one, two, three] = ['1', '2', '3'].map((digit) => digit.repeat(64));

test('an artifact is found wherever it is named, however deep, and nothing else that looks like a hash', () => {
  const data = {
    design: { programHash: one, genomeHash: null, name: two },
    references: [{ genomeHash: two }, { genomeHash: 'no hash' }],
    program: { kind: 'source', hash: three },
    measurement: { tasks: [{ rawSha256: one }] },
    _id: two,
  };
  expect([...namedArtifacts(data)]).toEqual([
    { hash: one, as: 'design.programHash' },
    { hash: two, as: 'references[].genomeHash' },
    { hash: three, as: 'program.hash' },
  ]);
});
