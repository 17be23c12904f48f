import { readFileSync } from 'node:fs';

/** Name and parent of a process, as Linux tells them; null elsewhere, and when it is gone. */
function look(pid) {
  try {
    const [, name = '', parent = ''] = /^\d+ \((.*)\) \S (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return { name, parent: Number(parent) };
  } catch {
    return null;
  }
}

/**
 * Whether the npm that runs this process is gone; null when none does. npm runs a script through a shell, which outlives it when it is
 * killed, and some shells replace themselves by the script.
 */
export function watchNpm() {
  const parent = process.ppid;
  const first = look(parent);
  if (first?.name.startsWith('npm')) return () => process.ppid !== parent;
  const grandparent = first?.parent;
  if (grandparent === undefined || !look(grandparent)?.name.startsWith('npm')) return null;
  return () => look(parent)?.parent !== grandparent;
}
