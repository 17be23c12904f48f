import { globSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { hashJson } from '@asi/contracts';
import { findProgram } from '../launcher/find-program.ts';

const namespaces = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'user', 'uts'];

/** Settings of the kernel that permit or forbid what the recipes and the attacks do. Those that a kernel lacks read as absent. */
const rules = [
  'kernel/apparmor_restrict_unprivileged_userns',
  'kernel/io_uring_disabled',
  'kernel/kptr_restrict',
  'kernel/perf_event_paranoid',
  'kernel/unprivileged_bpf_disabled',
  'kernel/unprivileged_userns_clone',
  'kernel/yama/ptrace_scope',
  'user/max_user_namespaces',
  'vm/unprivileged_userfaultfd',
].map((name) => `/proc/sys/${name}`);

/** Lines of /proc/self/status that say what this process may do, and not what it is doing. */
const rights = /^(Uid|Gid|Groups|Cap\w+|NoNewPrivs|Seccomp\w*):/;

const orNull = <Value>(read: () => Value): Value | null => {
  try {
    return read();
  } catch {
    return null;
  }
};

const textOf = (path: string): string | null => orNull(() => readFileSync(path, 'utf8'));

const fileOf = (path: string | null): unknown =>
  path === null
    ? null
    : orNull(() => {
        const real = realpathSync(path);
        const { ino, size, mode, uid, mtimeMs, ctimeMs } = statSync(real);
        return { real, ino, size, mode, uid, mtimeMs, ctimeMs };
      });

/** What examines, and how: the code of these two folders. */
const examination = (): unknown =>
  globSync(['*.ts', '*.py', '../launcher/*.ts'], { cwd: import.meta.dirname })
    .sort()
    .map((name) => [name, textOf(join(import.meta.dirname, name))]);

/**
 * A hash of everything that an examination of this machine's isolation depends on: the boot and its kernel's rules, the namespaces, rights
 * and limits of this process, the programs that take part, and the examination itself. While it stays the same, so does the outcome.
 */
export const circumstancesOf = (programs: readonly string[]): string =>
  hashJson({
    boot: textOf('/proc/sys/kernel/random/boot_id'),
    kernel: textOf('/proc/version'),
    modules: [textOf('/sys/kernel/security/lsm'), textOf('/proc/self/attr/current')],
    rules: rules.map((path) => [path, textOf(path)]),
    namespaces: namespaces.map((name) => [name, orNull(() => readlinkSync(`/proc/self/ns/${name}`))]),
    rights: textOf('/proc/self/status')
      ?.split('\n')
      .filter((line) => rights.test(line)),
    limits: textOf('/proc/self/limits'),
    programs: [...programs, findProgram('bwrap')].map(fileOf),
    examination: examination(),
  });
