import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type ParseArgsConfig, parseArgs } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;

/**
 * The options with which a bench was called. `--help` prints the comment at the head of its file, where it says what it measures
 * and what it takes; what it does not take ends it with exit code 2 and one line.
 */
export function readOptions<const Known extends Options>(
  file: string,
  options: Known,
): ReturnType<typeof parseArgs<{ options: Known }>>['values'] {
  if (process.argv.slice(2).some((argument) => argument === '--help' || argument === '-h')) {
    process.stdout.write(`${headOf(readFileSync(fileURLToPath(file), 'utf8'))}\n`);
    process.exit(0);
  }
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}. --help says what this bench takes.\n`);
    process.exit(2);
  }
}

const headOf = (source: string): string =>
  source
    .slice(source.indexOf('/**') + 3, source.indexOf('*/'))
    .trim()
    .replace(/^ ?\* ?/gm, '');
