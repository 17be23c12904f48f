import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { runCommand } from '../command.mjs';
import { embeddedBinary, embeddedSource, root, toolchain } from '../paths.mjs';
import { withProgress } from '../progress.mjs';
import { isStamped, keyOf, stamp } from '../stamp.mjs';
import { goProgram, goSettings } from './go.mjs';

/** The broker (NATS) and the database (MongoDB protocol) in one program, built from source pinned by go.sum. */
export async function buildEmbeddedServers() {
  const key = keyOf(root, [embeddedSource], Object.values(goSettings));
  if (isStamped('embedded', key) && existsSync(embeddedBinary)) return;
  const go = await goProgram();
  await withProgress('Building the embedded broker and database', '1 to 3 minutes, the first time', async ({ say }) => {
    mkdirSync(toolchain, { recursive: true });
    const fresh = `${embeddedBinary}.new`;
    await runCommand('Building the embedded servers', go, ['build', '-ldflags', '-s -w', '-o', fresh, '.'], {
      cwd: embeddedSource,
      env: goSettings,
      onLine: say,
    });
    // In one step, and beside the old file: that one may be running.
    renameSync(fresh, embeddedBinary);
  });
  stamp('embedded', key);
}
