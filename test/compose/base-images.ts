import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { embeddedBinary } from '../../services/lab/src/stack/toolchain.ts';
import { run, say, tryRun } from './command.ts';
import type { Engine } from './engine.ts';
import { buildGoProgram, goCommand } from './go-program.ts';

const certificates = 'etc/ssl/certs/ca-certificates.crt';
const natsModule = 'github.com/nats-io/nats-server/v2';

/**
 * Sees to it that the images exist which compose.yaml and the Dockerfile name. They are pulled; where no registry is
 * reachable, and the engine is this test's own, they are made here under the same names: Debian with Node, the same with
 * this machine's Go, the real nats-server built from source, and the embedded database in place of MongoDB.
 * @returns null, or why they cannot be had
 */
export async function provideBaseImages(
  engine: Engine,
  work: string,
  names: { readonly node: string; readonly go: string; readonly nats: string; readonly mongo: string },
): Promise<string | null> {
  const { env } = engine;
  const missing: string[] = [];
  for (const name of Object.values(names)) {
    if ((await tryRun(['docker', 'image', 'inspect', name], { env })).code === 0) continue;
    if ((await tryRun(['docker', 'pull', '--quiet', name], { env, limitSeconds: 300 })).code !== 0) missing.push(name);
  }
  if (missing.length === 0) return null;
  if (!engine.own) {
    return `no registry gives ${missing.join(', ')}, and stand-ins are not put into an engine that others use`;
  }
  const embedded = embeddedBinary();
  say(`no registry gives ${missing.join(', ')}: making stand-ins`);
  if (missing.includes(names.node)) {
    const problem = await importNodeImage(engine, work, names.node);
    if (problem) return problem;
  }
  if (missing.includes(names.go)) await importGoImage(engine, work, { image: names.go, from: names.node });
  if (missing.includes(names.nats)) {
    const goModules = readFileSync(join(import.meta.dirname, '../../services/lab/embedded/go.mod'), 'utf8');
    const version = new RegExp(`${natsModule} (v\\S+)`).exec(goModules)?.[1] ?? 'latest';
    const server = await buildGoProgram(work, 'nats-server', natsModule, version);
    await buildStandIn(engine, work, { image: names.nats, from: names.node, program: server, entrypoint: [] });
  }
  if (missing.includes(names.mongo)) {
    const entrypoint = ['serve', '--home', '/data/db', '--host', '0.0.0.0', '--mongo-port', '27017'];
    await buildStandIn(engine, work, { image: names.mongo, from: names.node, program: embedded, entrypoint });
  }
  return null;
}

/** Debian with Node, npm and the user `node`, believing the certificate authorities that this machine believes. */
async function importNodeImage({ env }: Engine, work: string, image: string): Promise<string | null> {
  const system = join(work, 'debian');
  if (!existsSync(`${system}.done`)) {
    if ((await tryRun(['debootstrap', '--version'])).code !== 0) {
      await tryRun(['apt-get', 'install', '-y', '-qq', '--no-install-recommends', 'debootstrap']);
    }
    const include = '--include=ca-certificates,wget,libatomic1';
    const made = await tryRun(['nice', 'debootstrap', '--variant=minbase', include, 'bookworm', system]);
    if (made.code !== 0) return `a Debian system cannot be made here: ${made.errors.trim() || made.output.slice(-300)}`;
    writeFileSync(`${system}.done`, '');
  }
  copyFileSync(process.execPath, join(system, 'usr/local/bin/node'));
  await run(['npm', 'install', '--global', '--silent', '--prefix', join(system, 'usr/local'), 'npm@11']);
  if (existsSync(`/${certificates}`)) cpSync(`/${certificates}`, join(system, certificates));
  await tryRun(['chroot', system, 'useradd', '--uid', '1000', '--create-home', 'node']);
  const believed = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'PIP_CERT'].map((name) => `ENV ${name}=/${certificates}`);
  const changes = believed.flatMap((change) => ['--change', change]);
  const archive = join(work, 'debian.tar');
  await run(['tar', '-C', system, '-cf', archive, '.']);
  await run(['docker', 'import', ...changes, archive, image], { env });
  return null;
}

async function importGoImage(
  { env }: Engine,
  work: string,
  { image, from }: { readonly image: string; readonly from: string },
): Promise<void> {
  const folder = join(work, 'stand-in', 'go');
  mkdirSync(folder, { recursive: true });
  const root = (await run([goCommand(), 'env', 'GOROOT'])).trim();
  if (!existsSync(join(folder, 'go'))) cpSync(root, join(folder, 'go'), { recursive: true });
  writeFileSync(join(folder, 'Dockerfile'), `FROM ${from}\nCOPY go /usr/local/go\nENV PATH=/usr/local/go/bin:$PATH\n`);
  await run(['docker', 'build', '--quiet', '--tag', image, folder], { env });
}

type StandIn = {
  readonly image: string;
  readonly from: string;
  readonly program: string;
  readonly entrypoint: readonly string[];
};

async function buildStandIn(
  { env }: Engine,
  work: string,
  { image, from, program, entrypoint }: StandIn,
): Promise<void> {
  const folder = join(work, 'stand-in', image.replace(/[^a-z0-9]/g, '-'));
  mkdirSync(folder, { recursive: true });
  copyFileSync(program, join(folder, 'server'));
  const start = JSON.stringify(['/usr/local/bin/server', ...entrypoint]);
  writeFileSync(join(folder, 'Dockerfile'), `FROM ${from}\nCOPY server /usr/local/bin/server\nENTRYPOINT ${start}\n`);
  await run(['docker', 'build', '--quiet', '--tag', image, folder], { env });
}
