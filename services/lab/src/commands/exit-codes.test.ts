import { expect, test } from 'vitest';
import { exitCodeOf } from './exit-codes.ts';

test.each([
  ['usage', 2],
  ['environment-invalid', 2],
  ['stack-needed', 3],
  ['servers-in-use', 3],
  ['no-space', 3],
  // It is there: whoever wants it up has it.
  ['stack-running', 1],
  ['unknown-experiment', 1],
  [null, 1],
])('a script can tell by the exit code what to do: %s is %i', (code, exitCode) => {
  expect(exitCodeOf(code)).toBe(exitCode);
});
