import { totalmem } from 'node:os';
import { findProgram } from './find-program.ts';
import type { Recipe } from './recipe.ts';

export type SandboxContent = {
  /** Folders that a worker may read: Python, its packages. */
  readable: string[];
  trainerPath: string;
  /** Whether this machine has control groups that the launcher can write. Without them only the trainer limits memory. */
  limitsMemory: boolean;
};

/**
 * Workers of slot n run as this user plus n and up to seven times 256 (`launcher/settings.go`): limits count per user, so no
 * two slots share one, and no two workers that live at the same time.
 */
const firstUser = 61_000;
const processLimit = 256;
const memoryLimit = Math.min(16 * 2 ** 30, Math.floor(0.9 * totalmem()));

// Without namespaces other processes are listed, memory is shared with them, sockets with a path are reached, and temporary files share
// the host's file system.
const withoutNamespaces = ['process.visible', 'process.shared-memory', 'network.path-socket', 'limits.files'];
// Slots of a runner that is not root share its user, whose processes a limit would count too.
const withoutUsers = ['limits.files', 'limits.processes'];
const withoutControlGroups = ['limits.memory'];

/**
 * The recipes that this machine might support, best first, all by the program of `gpu-runner/launcher`. None is trusted before the
 * doctor has tried it.
 */
export const recipesWith = (launcher: string, { readable, trainerPath, limitsMemory }: SandboxContent): Recipe[] => {
  if (process.platform !== 'linux') return [];
  const isRoot = process.getuid?.() === 0;
  const common = [...readable.flatMap((folder) => ['--readable', folder]), ...['--trainer', trainerPath]];
  const own = (slot: number) =>
    isRoot ? ['--user', String(firstUser + slot), '--processes', String(processLimit)] : [];
  const recipe = (name: string, tier: number, settings: string[], tolerated: readonly string[]): Recipe => ({
    name,
    tier,
    tolerated: [...tolerated, ...(isRoot ? [] : withoutUsers), ...(limitsMemory ? [] : withoutControlGroups)],
    launcher: (slot, memory = memoryLimit) => [
      ...[launcher, '--tier', String(tier), ...settings, ...common],
      ...['--memory', String(memory), ...own(slot), '--'],
    ],
  });
  const landlock = recipe('landlock', 1, [], withoutNamespaces);
  const bubblewrap = findProgram('bwrap');
  if (bubblewrap === null) return [landlock];
  const inBubblewrap = ['--bubblewrap', bubblewrap];
  if (!isRoot) return [recipe('bubblewrap', 2, inBubblewrap, []), landlock];
  return [
    recipe('user+bubblewrap', 2, [...inBubblewrap, '--drop-outside'], []),
    // For hosts where an unprivileged user may not create namespaces, or may not reach the Python installation.
    recipe('bubblewrap+user', 2, inBubblewrap, []),
    landlock,
  ];
};
