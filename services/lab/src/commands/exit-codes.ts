/** What the exit code of `asi` says. 130 is the usual one of a command that was interrupted. */
export const exitCodes = { good: 0, no: 1, usage: 2, stackNeeded: 3, interrupted: 130 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The exit codes in words, as the help has them. */
export const exitCodeWords =
  '0 good, 1 the answer is no, 2 wrong usage, 3 the stack is needed and not there, or cannot be started or go on, 130 interrupted';

const usageCodes: ReadonlySet<string> = new Set([
  'usage',
  'campaign-file',
  'servers-incomplete',
  'python-setting',
  'environment-invalid',
  'runner-settings',
  'model-settings',
]);
const stackCodes: ReadonlySet<string> = new Set([
  'stack-needed',
  'servers-in-use',
  'broker-unreachable',
  'database-unreachable',
  'embedded-missing',
  'no-space',
  'state-folder',
  'no-state-folder',
  'state-folder-gone',
  'port-in-use',
  'store-locked',
  'store-damaged',
  'python-missing',
  'runner-gone',
  'runner-unreachable',
  'runner-not-started',
]);

/** The exit code that an error of this code means. */
export function exitCodeOf(code: string | null): ExitCode {
  if (code !== null && usageCodes.has(code)) return exitCodes.usage;
  if (code !== null && stackCodes.has(code)) return exitCodes.stackNeeded;
  return exitCodes.no;
}
