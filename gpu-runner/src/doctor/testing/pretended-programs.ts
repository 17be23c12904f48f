import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach } from 'vitest';

/** One that every user can run, so that a pretended sandbox gets as far as the attacks. */
export const anyPython = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';

/** Pretends to isolate: runs what stands behind `--` as it is. */
export const ranNothing = 'while [ "$1" != "--" ]; do shift; done; shift; exec "$@"';

/** A folder of scripts for the tests of a file, removed after them; PATH is what it was after each test. */
export function pretendedPrograms() {
  const folder = mkdtempSync(join(tmpdir(), 'asi-doctor-'));
  chmodSync(folder, 0o755);
  const path = process.env.PATH;
  afterEach(() => {
    process.env.PATH = path;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const scriptCalled = (name: string, script: string): string => {
    const file = join(folder, name);
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    return file;
  };
  return {
    folder,
    scriptCalled,
    /** Puts a program called bwrap in front of the real one. */
    pretendBubblewrap: (script: string): void => {
      scriptCalled('bwrap', script);
      process.env.PATH = `${folder}${delimiter}${path}`;
    },
  };
}
