import { builtinMixers, isAsiError, messageOf, terminal } from '@asi/contracts';
import type { JobSpec } from '@asi/runner-client';
import { readLimited } from '../read-limited.ts';

const builtins: readonly string[] = builtinMixers;

/** What the argument <file> of certify and train says in their help. */
export const programHelp =
  'a Python file with a class Mixer(torch.nn.Module), or a class DeltaNet as published ASI-Arch programs have it, or the name of a built-in: delta-net';

/**
 * The program that a command line names: a file, or a built-in.
 * @throws terminal `usage`
 */
export function programOf(file: string): JobSpec['program'] {
  try {
    const source = textOf(file);
    if (source.trim() === '') throw terminal('usage', `${file} is empty: a Python file with a class Mixer is needed`);
    return { origin: 'foreign', source };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && builtins.includes(file)) return { origin: 'builtin', builtin: file };
    if (code === 'ENOENT')
      throw terminal('usage', `${file}: there is no such file, and no built-in of that name (${builtins.join(', ')})`);
    if (code === 'EACCES') throw terminal('usage', `${file}: you may not read this file`);
    if (code !== undefined && !isAsiError(error))
      throw terminal('usage', `${file} cannot be read (${messageOf(error)})`);
    throw error;
  }
}

const largestProgram = 1024 * 1024;

/** @throws terminal `usage`, or the file system's error */
function textOf(file: string): string {
  const found = readLimited(file, largestProgram);
  if ('obstacle' in found)
    throw terminal(
      'usage',
      {
        folder: `${file} is a folder: give a Python file`,
        'no-file': `${file} is no file but a pipe, a socket or a device: give a Python file`,
        'too-large': `${file} is too large: a program has at most ${largestProgram} bytes`,
      }[found.obstacle],
    );
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(found.bytes);
  } catch {
    throw terminal('usage', `${file} is not a text in UTF-8: give a Python file`);
  }
}

/** A number above 0. @throws terminal `usage` */
export function positive(option: string, text: string, largest: number): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value <= largest) return value;
  const bound = largest === Number.MAX_VALUE ? '' : ` and <= ${largest}`;
  throw terminal('usage', `${option} ${text}: expected a number > 0${bound}`);
}
