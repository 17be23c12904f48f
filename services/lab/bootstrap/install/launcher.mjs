import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { runCommand } from '../command.mjs';
import { launcherBinary, launcherSource, root, toolchain } from '../paths.mjs';
import { withProgress } from '../progress.mjs';
import { isStamped, keyOf, stamp } from '../stamp.mjs';
import { goProgram, goSettings } from './go.mjs';

/** The static program that starts untrusted workers in isolation (Linux only), built from source pinned by go.sum. */
export async function buildLauncher() {
  if (process.platform !== 'linux') return;
  const key = keyOf(root, [launcherSource], Object.values(goSettings));
  if (isStamped('launcher', key) && existsSync(launcherBinary)) return;
  const go = await goProgram();
  await withProgress('Building the launcher of isolated workers', 'a few seconds', async ({ say }) => {
    mkdirSync(toolchain, { recursive: true });
    const fresh = `${launcherBinary}.new`;
    await runCommand('Building the launcher', go, ['build', '-ldflags', '-s -w', '-o', fresh, '.'], {
      cwd: launcherSource,
      env: goSettings,
      onLine: say,
    });
    // In one step, and beside the old file: that one may be running.
    renameSync(fresh, launcherBinary);
  });
  stamp('launcher', key);
}
