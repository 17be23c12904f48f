import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from './paths.mjs';

const ask = (place, args, env) =>
  spawnSync(process.execPath, [join(place, 'services/lab/bootstrap/asi.mjs'), ...args], {
    cwd: place,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });

const inFolder = (work) => {
  const folder = mkdtempSync(join(tmpdir(), 'asi-bootstrap-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

test('before the installation npm run asi is one line that says what to do, on every Node', () =>
  inFolder((folder) => {
    mkdirSync(join(folder, 'services/lab'), { recursive: true });
    cpSync(join(root, 'services/lab/bootstrap'), join(folder, 'services/lab/bootstrap'), { recursive: true });
    const { status, stdout, stderr } = ask(folder, ['--help'], {});
    assert.equal(status, 3);
    assert.match(stdout + stderr, /^[^\n]*not installed yet: run npm start once\n$/);
  }));

test('during the installation, when only the packages are there, it is one line as well and no stack trace', () =>
  inFolder((folder) => {
    mkdirSync(join(folder, 'services/lab'), { recursive: true });
    mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
    cpSync(join(root, 'services/lab/bootstrap'), join(folder, 'services/lab/bootstrap'), { recursive: true });
    writeFileSync(join(folder, 'node_modules/.bin/node'), '');
    const { status, stdout, stderr } = ask(folder, ['--help'], {});
    assert.equal(status, 3);
    assert.match(stdout + stderr, /^[^\n]*not wholly installed yet[^\n]*\n$/);
  }));

test('while an installed laboratory is installed anew it is one line, and the code of a stack that cannot be started', () =>
  inFolder((folder) => {
    writeFileSync(join(folder, 'install.lock'), String(process.pid));
    const { status, stdout, stderr } = ask(root, ['--help'], { ASI_TOOLCHAIN: folder });
    assert.equal(status, 3);
    assert.match(stdout + stderr, /^[^\n]*is being installed: wait[^\n]*\n$/);
  }));

test('an installation that was killed keeps nobody waiting', () =>
  inFolder((folder) => {
    writeFileSync(join(folder, 'install.lock'), '4194305');
    const { status, stdout } = ask(root, ['--version'], { ASI_TOOLCHAIN: folder });
    assert.equal(status, 0);
    assert.match(stdout, /\d/);
  }));

test('a path on the command line is meant from where the person stands, though npm goes to the root', () =>
  inFolder((folder) => {
    writeFileSync(join(folder, 'empty.py'), '');
    const env = { INIT_CWD: folder, npm_lifecycle_event: 'asi', ASI_HOME: join(folder, 'home') };
    const { status, stderr } = ask(root, ['certify', 'empty.py'], env);
    assert.match(stderr, /empty\.py is empty/);
    assert.equal(status, 2);
  }));
