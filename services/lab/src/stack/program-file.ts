import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { repositoryRoot } from './toolchain.ts';

/** The file of a program's bundle, for the file of its source. */
export const bundleName = (source: string): string => source.replace(/\.ts$/, '.mjs');

/**
 * The file to run for a program: its bundle, where the bootstrap says (ASI_BUNDLES) that there is one of these very sources,
 * else the source itself.
 */
export function programFile(source: string, { ASI_BUNDLES: folder }: NodeJS.ProcessEnv): string {
  const place = relative(repositoryRoot, source);
  if (!folder || place.startsWith('..')) return source;
  const bundle = join(folder, bundleName(place));
  return existsSync(bundle) ? bundle : source;
}
