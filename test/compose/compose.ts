import { join } from 'node:path';
import { type CommandOptions, type CommandResult, run, tryRun } from './command.ts';
import type { Engine } from './engine.ts';
import { buildGoProgram } from './go-program.ts';

const root = join(import.meta.dirname, '../..');
const composeModule = 'github.com/docker/compose/v5/cmd';
const composeVersion = 'v5.5.1';

/** `docker compose` on the laboratory's compose.yaml, as a project of its own name. */
export type Compose = {
  run(args: readonly string[], options?: CommandOptions): Promise<string>;
  try(args: readonly string[], options?: CommandOptions): Promise<CommandResult>;
  /** `docker compose run --rm asi …`, as a user types it; what it prints. */
  asi(...args: string[]): Promise<string>;
};

/** The compose of this machine, or one built from source. */
async function composeCommand(engine: Engine, work: string): Promise<string[]> {
  for (const command of [['docker', 'compose'], ['docker-compose']]) {
    const version = await tryRun([...command, 'version', '--short'], { env: engine.env });
    const major = Number.parseInt(version.output.replace(/^v/, ''), 10);
    if (version.code === 0 && major >= 2) return command;
  }
  return [await buildGoProgram(work, 'docker-compose', composeModule, composeVersion)];
}

/**
 * @param settings variables of .env.example; a .env of the user's has no say
 */
export async function prepareCompose(
  engine: Engine,
  work: string,
  project: string,
  settings: Readonly<Record<string, string>>,
): Promise<Compose> {
  const command = await composeCommand(engine, work);
  const files = ['--env-file', join(root, '.env.example'), '--file', join(root, 'compose.yaml')];
  const full = (args: readonly string[]) => [...command, '--project-name', project, ...files, ...args];
  const options = (given?: CommandOptions) => ({ cwd: root, env: { ...engine.env, ...settings }, ...given });
  return {
    run: (args, given) => run(full(args), options(given)),
    try: (args, given) => tryRun(full(args), options(given)),
    asi: (...args) => run(full(['run', '--rm', '-T', 'asi', ...args]), options()),
  };
}
