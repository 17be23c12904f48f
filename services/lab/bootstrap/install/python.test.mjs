import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

const moduleUrl = (name) => JSON.stringify(new URL(name, import.meta.url).href);
const install = `
  const { installPython } = await import(${moduleUrl('./python.mjs')});
  await installPython();`;
// Notes what it is asked, and installs torch.
const uv = `#!/bin/sh
echo "$@" >> "$ASI_TOOLCHAIN/asked"
mkdir -p "$ASI_TOOLCHAIN/python/lib/python3.11/site-packages/torch"
touch "$ASI_TOOLCHAIN/python/lib/python3.11/site-packages/torch/__init__.py"
echo would make no changes
`;

test('an installed environment that has lost torch is installed anew by the next start, and only once', (t) => {
  const toolchain = mkdtempSync(join(tmpdir(), 'asi-python-'));
  t.after(() => rmSync(toolchain, { recursive: true, force: true }));
  const path = (name) => join(toolchain, name);
  const write = (name, content, mode) => {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), content, { mode });
  };
  const place = 'python/lib/python3.11/site-packages';
  write('uv/bin/uv', uv, 0o755);
  write('python/bin/python', '');
  for (const name of ['torch', 'numpy', 'einops']) write(`${place}/${name}/__init__.py`, '');
  const start = () => {
    const run = spawnSync(process.execPath, ['--input-type=module', '-e', install], {
      env: { ...process.env, ASI_TOOLCHAIN: toolchain },
      encoding: 'utf8',
    });
    assert.equal(run.status, 0, run.stderr);
    const asked = existsSync(path('asked')) ? readFileSync(path('asked'), 'utf8') : '';
    rmSync(path('asked'), { force: true });
    return asked;
  };
  assert.doesNotMatch(start(), /reinstall/);
  assert.equal(start(), '');

  rmSync(path(`${place}/torch`), { recursive: true });
  write('stamps/python-bytecode', 'made from the packages that are gone');
  assert.match(start(), /pip install .*--reinstall-package torch /);
  assert.equal(existsSync(path('stamps/python-bytecode')), false);
  assert.equal(start(), '');
});
