import { installLog } from './paths.mjs';

/** An error a person can act on: one line that says what to do. */
export const setupFailure = (message) => Object.assign(new Error(message), { isSetupFailure: true });

// What the last lines of a failed command mean, in the order in which to look.
const causes = [
  [
    /ENOSPC|No space left on device|disk is full/i,
    'the disk is full: free some space (about 8 GB are needed) and start again',
  ],
  [
    /EACCES|EPERM|Permission denied|Read-only file system/i,
    'a folder cannot be written: make the repository writable for this user, and start again',
  ],
  [
    /CERT_|certificate|x509/i,
    'a certificate was refused: tell npm, pip and Go about the certificate authority of this network, and start again',
  ],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|network|Temporary failure in name resolution|no such host|i\/o timeout|Could not connect|failed to fetch|dial tcp/i,
    'a package registry was not reached: check the network (and proxy settings), and start again',
  ],
];

/**
 * The failure of a command, as one line.
 * @param {string} what the step that failed
 * @param {string} output what the command printed
 */
export function commandFailure(what, output) {
  const [, cause = 'the end of the log says why'] = causes.find(([pattern]) => pattern.test(output)) ?? [];
  return setupFailure(`${what} failed: ${cause}. Log: ${installLog}`);
}

/** As `asi` has it: the stack is needed and not there, or cannot be started. */
const stackNeeded = 3;

/**
 * Runs the main function of a bootstrap program. A failure that a person can mend is one line without a stack trace and
 * exit code 3 (of an interruption: that of its signal); any other one is 1.
 */
export async function runMain(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    process.stderr.write(error?.isSetupFailure ? `asi: ${error.message}\n` : `asi: ${error?.stack ?? error}\n`);
    process.exitCode = error?.exitCode ?? (error?.isSetupFailure ? stackNeeded : 1);
  }
}
