import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../environment.ts';
import { findProgram } from '../launcher/find-program.ts';
import { fakeTrainerPath } from '../testing/start-runner.ts';
import { type ExamineOptions, examineIsolation } from './examine-isolation.ts';
import { outputOf } from './run-canary.ts';
import { anyPython, pretendedPrograms, ranNothing } from './testing/pretended-programs.ts';

const { scriptCalled, pretendBubblewrap } = pretendedPrograms();

const options = (mode: ExamineOptions['mode']): ExamineOptions => ({
  python: anyPython,
  trainerPath: fakeTrainerPath,
  launcher: readEnvironment(process.env).launcher,
  mode,
});

/** Calls a program with its arguments, but for a setting whose value becomes another, or that is left out with it. */
const butFor = (program: string, setting: string, value: string | null): string => `
count=$#; before=
while [ "$count" -gt 0 ]; do
  one=$1; shift; count=$((count - 1))
  case "$before,$one" in
    ${setting},*) ${value === null ? ':' : `set -- "$@" ${setting} ${value}`};;
    *,${setting}) ;;
    *) set -- "$@" "$one";;
  esac
  before=$one
done
exec ${program} "$@"`;

const isLinux = process.platform === 'linux';
const unlessLinux = isLinux ? '' : ' (skipped: isolation is for Linux)';

describe.runIf(isLinux)(`a sandbox that is only pretended${unlessLinux}`, () => {
  it('is not believed: the attacks worked, so it is not taken and the note names them', async () => {
    pretendBubblewrap(ranNothing);
    const { isolation } = await examineIsolation(options('auto'));
    expect(isolation.tier).toBeLessThan(2);
    expect(isolation.note).toMatch(/attacks worked: .*file.readable.*network.tcp/);
  });

  it('nor is a launcher that is not there: the tier is 0 and nothing of another origin is taken', async () => {
    const { isolation, launcher } = await examineIsolation({ ...options('auto'), launcher: '/nowhere/launcher' });
    expect(isolation).toMatchObject({ tier: 0, recipe: 'none', note: expect.stringContaining('not built') });
    expect(launcher(0)).toEqual([]);
  });

  it('stops a runner that was told to demand one', async () => {
    pretendBubblewrap('echo "bwrap: No permissions to create new namespace" >&2; exit 1');
    await expect(examineIsolation(options('bubblewrap'))).rejects.toMatchObject({
      code: 'runner-isolation',
      message: expect.stringContaining('No permissions to create new namespace'),
    });
  });
});

describe.runIf(isLinux)(`where bubblewrap does not work${unlessLinux}`, () => {
  it('falls to Landlock only with proof, says so, and shows what that tier does not promise as open', async ({
    skip,
  }) => {
    pretendBubblewrap('echo "bwrap: No permissions to create new namespace" >&2; exit 1');
    const { isolation } = await examineIsolation(options('auto'));
    expect(isolation.note).toContain('No permissions to create new namespace');
    if (isolation.tier === 0) {
      expect(isolation.note).toContain('landlock:');
      skip('this kernel has no Landlock: nothing below bubblewrap is there to be proven');
    }
    expect(isolation).toMatchObject({ tier: 1, recipe: 'landlock' });
    const verdicts = new Map(isolation.probes.map(({ name, verdict }) => [name, verdict]));
    for (const name of [
      'environment.secret',
      'file.readable',
      'network.tcp',
      'network.datagram',
      'descriptor.inherited',
    ])
      expect([name, verdicts.get(name)]).toEqual([name, 'blocked']);
    for (const [name, verdict] of verdicts)
      if (verdict === 'open') expect(isolation.note).toMatch(new RegExp(`not promised on this tier: [^;]*${name}`));
  });
});

const proven = await examineIsolation(options('auto'));

// Where no namespaces can be had there is nothing to examine here.
const sandboxed = proven.isolation.tier === 2;
const unlessSandboxed = sandboxed ? '' : ' (skipped: bubblewrap is not there or not proven; asi doctor says why)';
describe.runIf(sandboxed)(`the sandbox of this machine, with one of its protections left out${unlessSandboxed}`, () => {
  it('is not believed without its filter of system calls: the note names what worked', async () => {
    pretendBubblewrap(butFor(findProgram('bwrap') ?? '', '--seccomp', null));
    const { isolation } = await examineIsolation(options('auto'));
    expect(isolation.tier).toBeLessThan(2);
    expect(isolation.note).toMatch(
      /attacks worked: .*network.netlink.*process.trace.*process.memory.*kernel.personality/,
    );
  });

  it('nor without its limit of memory, where this machine has control groups for one', async ({ skip }) => {
    if (!proven.isolation.note.includes('control groups v')) skip('no control groups that this user may write');
    const { launcher } = options('auto');
    const unlimited = scriptCalled('launcher', butFor(launcher, '--memory', '0'));
    const { isolation } = await examineIsolation({ ...options('auto'), launcher: unlimited });
    expect(isolation.tier).toBe(0);
    expect(isolation.note).toMatch(/attacks worked: limits.memory; .*attacks worked: limits.memory/);
  });
});

describe.runIf(sandboxed)(`the sandbox of this machine${unlessSandboxed}`, () => {
  it('withstands every attack that works without it', () => {
    const verdicts = new Map(proven.isolation.probes.map(({ name, verdict }) => [name, verdict]));
    expect([...verdicts.values()]).not.toContain('open');
    const limited = proven.isolation.note.includes('control groups v') ? ['limits.memory'] : [];
    for (const name of [
      ...['environment.secret', 'file.readable', 'network.tcp', 'descriptor.inherited', 'process.environment'],
      ...['process.trace', 'kernel.personality', 'limits.core', 'limits.file-size', ...limited],
    ])
      expect([name, verdicts.get(name)]).toEqual([name, 'blocked']);
  });

  it('gives every slot a user of its own when the runner is root', async () => {
    const user = (slot: number) => outputOf([...proven.launcher(slot), '/usr/bin/id', '-u'], {}, 'ignore');
    const [first, second] = await Promise.all([user(0), user(1)]);
    if (process.getuid?.() === 0) expect(first).not.toBe(second);
    expect([first, second].map((text) => text.trim())).not.toContain('0');
  });

  it('has the same proof when nothing changed, and another when the recipe is another', async () => {
    expect((await examineIsolation(options('auto'))).isolation.hash).toBe(proven.isolation.hash);
    expect((await examineIsolation(options('none'))).isolation.hash).not.toBe(proven.isolation.hash);
  });
});
