import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run, say, tryRun } from './command.ts';

/** A Docker engine to test on. */
export type Engine = {
  /** Started by this test, with images and volumes of its own: it may be given stand-ins under official names. */
  readonly own: boolean;
  /** The environment in which `docker` and compose speak with it. */
  readonly env: NodeJS.ProcessEnv;
  stop(): Promise<void>;
};

const startSeconds = 60;

/** The engine of this machine, or one that is installed and started for this test; a text says why there is none. */
export async function findEngine(work: string): Promise<Engine | string> {
  if ((await tryRun(['docker', 'info'])).code === 0)
    return { own: false, env: process.env, stop: async () => undefined };
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    return 'no Docker engine answers, and starting one needs root on Linux';
  }
  if ((await tryRun(['dockerd', '--version'])).code !== 0 || (await tryRun(['docker-init', '--version'])).code !== 0) {
    say('installing the Docker engine (packages docker.io, tini, iptables)');
    const packages = ['docker.io', 'tini', 'iptables'];
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await tryRun(['apt-get', 'update', '-qq'], { env });
    const installed = await tryRun(['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...packages], {
      env,
    });
    if (installed.code !== 0) return `the packages ${packages.join(', ')} cannot be installed`;
  }
  return startEngine(work);
}

async function startEngine(work: string): Promise<Engine | string> {
  const path = (name: string) => join(work, name);
  mkdirSync(work, { recursive: true });
  const rules = await tryRun(['iptables-save']);
  const hadBridge = existsSync('/sys/class/net/docker0');
  const log = openSync(path('dockerd.log'), 'w');
  const folders = ['--data-root', path('engine'), '--exec-root', path('run'), '--pidfile', path('dockerd.pid')];
  const daemon = spawn('dockerd', [...folders, '--host', `unix://${path('docker.sock')}`], {
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const exited = new Promise<void>((resolve) => {
    daemon.once('exit', () => resolve());
    daemon.once('error', () => resolve());
  });
  // Debian's engine has no BuildKit beside it.
  const env = { ...process.env, DOCKER_HOST: `unix://${path('docker.sock')}`, DOCKER_BUILDKIT: '0' };

  /** The machine as it was: no daemon, no bridge, no rules of the firewall. */
  const stop = async () => {
    daemon.kill('SIGTERM');
    const timer = setTimeout(() => daemon.kill('SIGKILL'), 30_000);
    await exited;
    clearTimeout(timer);
    if (!hadBridge) await tryRun(['ip', 'link', 'delete', 'docker0']);
    if (rules.code === 0) await tryRun(['iptables-restore'], { input: rules.output });
  };

  for (let waited = 0; waited < startSeconds && daemon.exitCode === null; waited++) {
    await sleep(1000);
    if ((await tryRun(['docker', 'info'], { env })).code === 0) {
      const version = await run(['docker', 'version', '--format', '{{.Server.Version}}'], { env });
      say(`started a Docker engine of version ${version.trim()} for this test`);
      return { own: true, env, stop };
    }
  }
  await stop();
  const [last = ''] = readFileSync(path('dockerd.log'), 'utf8').trim().split('\n').slice(-1);
  return `a Docker engine cannot run here: ${last}`;
}
