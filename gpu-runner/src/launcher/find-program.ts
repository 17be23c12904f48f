import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Path of a program that PATH or the usual folders of the system know, or null. */
export const findProgram = (name: string): string | null =>
  [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/bin', '/usr/sbin', '/sbin']
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path)) ?? null;
