import { existsSync, lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { Recipe } from './recipe.ts';

export type SandboxContent = {
  /** Folders that a worker may read: Python, its packages, the trainer. */
  readable: string[];
  trainerPath: string;
  /** A seccomp program on disk, or null where there is none for this machine. */
  filterFile: string | null;
};

/** Workers of slot n run as this user plus n: limits count per user, so no two slots share one. */
const firstUser = 61_000;
const processLimit = 256;
const [temporaryBytes, sharedMemoryBytes] = [2 * 2 ** 30, 2 ** 30];

export const findProgram = (name: string): string | null =>
  [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/bin', '/usr/sbin', '/sbin']
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path)) ?? null;

/** Where the dynamic linker looks, as the host has it: usually links into /usr. */
const systemFolders = (): string[] =>
  ['/bin', '/sbin', '/lib', '/lib32', '/lib64'].filter(existsSync).flatMap((path) => {
    return lstatSync(path).isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path];
  });

/** CUDA needs the device nodes with --dev-bind, and /sys (isolation notes, section 5). */
const accelerator = (): string[] => {
  if (!existsSync('/dev/nvidiactl')) return [];
  const nodes = readdirSync('/dev').filter((name) => /^nvidia(\d+|ctl|-uvm|-uvm-tools)$/.test(name));
  return [...nodes.flatMap((name) => ['--dev-bind', `/dev/${name}`, `/dev/${name}`]), '--ro-bind', '/sys', '/sys'];
};

/** bwrap makes missing parents of a bind for its own user only; these are for the worker to pass through. */
const parents = (path: string): string[] => {
  const names = dirname(path).split('/').filter(Boolean);
  return names.flatMap((_, index) => ['--perms', '0755', '--dir', `/${names.slice(0, index + 1).join('/')}`]);
};

const inside = (path: string, folders: string[]): boolean =>
  folders.some((folder) => path === folder || path.startsWith(`${folder}/`));

// Order matters to bwrap: --perms and --size belong to the next --tmpfs, a bind comes after what it sits on, the last remount seals all.
const fileSystem = ({ readable, trainerPath, filterFile }: SandboxContent): string[] => [
  ...['--clearenv', '--setenv', 'PATH', '/usr/bin:/bin', '--setenv', 'HOME', '/tmp', '--setenv', 'TMPDIR', '/tmp'],
  ...['--setenv', 'USER', 'worker', '--setenv', 'LOGNAME', 'worker', '--setenv', 'LANG', 'C.UTF-8'],
  ...[
    '--setenv',
    'PYTHONPATH',
    trainerPath,
    '--setenv',
    'PYTHONDONTWRITEBYTECODE',
    '1',
    '--setenv',
    'PYTHONHASHSEED',
    '0',
  ],
  ...['--setenv', 'OMP_NUM_THREADS', '1', '--setenv', 'MKL_NUM_THREADS', '1', '--setenv', 'TORCHDYNAMO_DISABLE', '1'],
  ...['--ro-bind', '/usr', '/usr', ...systemFolders()],
  ...[
    '--ro-bind-try',
    '/etc/ld.so.cache',
    '/etc/ld.so.cache',
    '--ro-bind-try',
    '/etc/alternatives',
    '/etc/alternatives',
  ],
  ...['--proc', '/proc', '--dev', '/dev', ...accelerator()],
  ...['--perms', '1777', '--size', String(sharedMemoryBytes), '--tmpfs', '/dev/shm'],
  ...['--perms', '1777', '--size', String(temporaryBytes), '--tmpfs', '/tmp'],
  ...readable.filter((path) => !inside(path, ['/usr'])).flatMap((path) => [...parents(path), '--ro-bind', path, path]),
  ...['--remount-ro', '/dev', '--remount-ro', '/', '--chdir', '/tmp'],
  ...(filterFile === null ? [] : ['--seccomp', '9']),
];

const common = ['--die-with-parent', '--new-session', '--hostname', 'worker', '--cap-drop', 'ALL'];

/** Closes what the parent may have left open, and opens the filter as descriptor 9, which bwrap consumes. */
const withFilter = (filterFile: string | null, argv: string[]): string[] => {
  const close = '3<&- 4<&- 5<&- 6<&- 7<&- 8<&- 9<&-';
  if (filterFile === null) return ['/bin/sh', '-c', `exec "$@" ${close}`, 'sandbox', ...argv];
  return ['/bin/sh', '-c', `exec "$@" ${close} 9<"$0"`, filterFile, ...argv];
};

const dropTo = (setpriv: string, user: number): string[] => [
  setpriv,
  `--reuid=${user}`,
  `--regid=${user}`,
  '--clear-groups',
  '--no-new-privs',
  '--inh-caps=-all',
  '--bounding-set=-all',
];

/** The recipes that this machine might support, best first. None is trusted before the doctor has tried it. */
export const bubblewrapRecipes = (content: SandboxContent): Recipe[] => {
  const [bwrap, setpriv, prlimit] = [findProgram('bwrap'), findProgram('setpriv'), findProgram('prlimit')];
  if (process.platform !== 'linux' || bwrap === null) return [];
  const limited = prlimit === null ? [] : [prlimit, `--nproc=${processLimit}`];
  const userNamespace = [bwrap, '--unshare-all', '--unshare-user', '--disable-userns', '--assert-userns-disabled'];
  const unprivileged = [...userNamespace, ...common, ...fileSystem(content), '--'];
  if (process.getuid?.() !== 0) {
    // Without root all slots share the runner's own user, so a limit per user would count the runner too.
    return [{ name: 'bubblewrap', tier: 2, launcher: () => withFilter(content.filterFile, unprivileged) }];
  }
  if (setpriv === null) return [];
  const namespaces = ['--unshare-ipc', '--unshare-pid', '--unshare-net', '--unshare-uts', '--unshare-cgroup-try'];
  const toDrop = ['CAP_SETUID', 'CAP_SETGID', 'CAP_SETPCAP'].flatMap((name) => ['--cap-add', name]);
  const privileged = [bwrap, ...namespaces, ...common, ...toDrop, ...fileSystem(content), '--'];
  return [
    {
      name: 'setpriv+bubblewrap',
      tier: 2,
      launcher: (slot) =>
        withFilter(content.filterFile, [...dropTo(setpriv, firstUser + slot), ...limited, ...unprivileged]),
    },
    {
      // For hosts where an unprivileged user may not create namespaces, or may not reach the Python installation.
      name: 'bubblewrap+setpriv',
      tier: 2,
      launcher: (slot) =>
        withFilter(content.filterFile, [...privileged, ...dropTo(setpriv, firstUser + slot), ...limited]),
    },
  ];
};
