import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, terminal } from '@asi/contracts';
import { z } from 'zod';

/** The field `asi` of a package.json: how a folder says that it holds a process of the house. */
const declarationSchema = z.strictObject({
  /** The file to run, relative to the folder. */
  process: z.string().min(1),
  /**
   * What it is given besides the broker: the address of the database; all of the environment, keys of language models
   * included, where others get only the variables that the house itself knows.
   */
  needs: z.array(z.enum(['mongodb', 'environment'])).default([]),
  /** One instance beside each runner, each with its runner's ASI_RUNNER_URL. */
  perRunner: z.boolean().default(false),
  /** It gives signs of life from its start on, as runProcess of agent-kit does: then one that hangs is noticed in its start too. */
  pulse: z.boolean().default(false),
  /** The environment variable in which it is told the file to write its address to. */
  addressFile: z
    .string()
    .regex(/^ASI_[A-Z_]+$/, 'must name a variable, for example ASI_DASHBOARD_ADDRESS_FILE')
    .optional(),
});

/** A folder that holds a process. */
export interface HouseMember {
  readonly name: string;
  readonly kind: 'role' | 'runner';
  /** Absolute path of the file to run. */
  readonly main: string;
  readonly needs: ReadonlySet<'mongodb' | 'environment'>;
  readonly perRunner: boolean;
  readonly pulse: boolean;
  readonly addressFile: string | null;
}

const places = [
  { parent: 'agents', kind: 'role' },
  { parent: 'services', kind: 'role' },
] as const;

/**
 * Finds the processes of the house: every folder of `agents` and `services`, and `gpu-runner`, whose package.json has
 * a field `asi`. Folders that start with an underscore are skipped.
 * @throws terminal `process-declaration` naming the file and the field
 */
export function findHouseMembers(root: string): HouseMember[] {
  const folders = places.flatMap(({ parent, kind }) =>
    subfolders(join(root, parent)).map((name) => ({ name, kind, path: join(root, parent, name) })),
  );
  const all = [{ name: 'gpu-runner', kind: 'runner' as const, path: join(root, 'gpu-runner') }, ...folders];
  return all.flatMap(({ name, kind, path }) => {
    const declaration = readDeclaration(join(path, 'package.json'));
    if (!declaration) return [];
    const main = join(path, declaration.process);
    if (!existsSync(main)) {
      throw terminal(
        'process-declaration',
        `${join(path, 'package.json')}: asi.process names ${main}, which is missing`,
      );
    }
    const { needs, perRunner, pulse } = declaration;
    const addressFile = declaration.addressFile ?? (kind === 'runner' ? 'ASI_RUNNER_ADDRESS_FILE' : null);
    return [{ name, kind, main, needs: new Set(needs), perRunner, pulse, addressFile }];
  });
}

const subfolders = (path: string): string[] =>
  !existsSync(path)
    ? []
    : readdirSync(path, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && !entry.name.startsWith('_') && !entry.name.startsWith('.'))
        .map((entry) => entry.name)
        .sort();

function readDeclaration(file: string): z.infer<typeof declarationSchema> | null {
  if (!existsSync(file)) return null;
  try {
    const { asi } = z.object({ asi: z.unknown().optional() }).parse(JSON.parse(readFileSync(file, 'utf8')));
    if (asi === undefined) return null;
    const parsed = declarationSchema.safeParse(asi);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new Error(`asi.${issue?.path.join('.') ?? ''}: ${issue?.message}`);
  } catch (error) {
    throw terminal('process-declaration', `${file}: ${messageOf(error)}`);
  }
}
