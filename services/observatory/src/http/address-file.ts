import { rename, rm, writeFile } from 'node:fs/promises';

/** Tells whoever started us where we listen; readers see the whole address or none. */
export async function writeAddressFile(file: string, url: string): Promise<void> {
  const partial = `${file}.${process.pid}.partial`;
  await writeFile(partial, `${url}\n`);
  await rename(partial, file);
}

export const removeAddressFile = (file: string): Promise<void> => rm(file, { force: true });
