import { revisionSchema } from '@asi/contracts';
import { expect, test } from 'vitest';
import { paintFor } from './paint.ts';
import { revisionLines } from './revision-lines.ts';

const hash = (letter: string) => letter.repeat(64);
const revision = revisionSchema.parse({
  programHash: hash('a'),
  diffHash: hash('b'),
  reason: 'The name was misspelt.\u001b[2J It is spelt as it was assigned.',
  cause: { code: 'crashed', message: 'The program raised NameError.', evidenceHash: null },
  calls: [],
  remarks: ['the prompt was too long: the log was shortened'],
  certificateHash: hash('c'),
  parameters: 1,
  flopsPerToken: 1,
});

test('a revision is shown with its cause, its reason and the way to its difference, and a model clears nobody his screen', () => {
  const lines = revisionLines('c001-0007', [revision, revision], paintFor(false, {}));
  expect(lines[0]).toContain('changed 2 times');
  expect(lines).toContain('1. after crashed: The program raised NameError.');
  expect(lines).toContain(`   difference: asi show c001-0007 --artifact ${hash('b')}`);
  expect(lines[2]).toContain('The name was misspelt.');
  expect(lines).toContain('   engineer: the prompt was too long: the log was shortened');
  expect(lines.join('')).not.toContain('\u001b');
});
