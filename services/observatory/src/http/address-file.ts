import { readFile, rename, rm, writeFile } from 'node:fs/promises';

/** Tells whoever started us where we listen; readers see the whole address or none. What stays afterwards is where it was. */
export async function writeAddressFile(file: string, url: string): Promise<void> {
  for (const path of [lastAddressFile(file), file]) {
    const partial = `${path}.${process.pid}.partial`;
    await writeFile(partial, `${url}\n`);
    await rename(partial, path);
  }
}

export const removeAddressFile = (file: string): Promise<void> => rm(file, { force: true });

/** The port that was written last, by this process's forerunner: people have its page open. Null when there is none. */
export async function lastPort(file: string): Promise<number | null> {
  const text = await readFile(lastAddressFile(file), 'utf8').catch(() => '');
  const port = Number(URL.parse(text.trim())?.port);
  return port > 0 ? port : null;
}

const lastAddressFile = (file: string): string => `${file}.last`;
