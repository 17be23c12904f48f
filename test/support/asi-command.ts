import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { programFile } from '../../services/lab/src/stack/program-file.ts';

export const repository = fileURLToPath(new URL('../../', import.meta.url));

export type AsiCommand = {
  readonly pid: number;
  /** Standard output and error so far. */
  output(): string;
  /** Resolves with how it ended. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Resolves when its output matches; rejects when it ends before, or not in time. */
  seen(pattern: RegExp, limitSeconds?: number): Promise<void>;
  signal(signal: NodeJS.Signals): void;
};

const started = new Map<AsiCommand, { readonly home: string; readonly args: readonly string[] }>();

/** Ends whatever was started here and still runs: a test ran out of time then, and nothing but this tells what hung. */
export async function endEveryAsi(): Promise<void> {
  for (const [command, { home, args }] of [...started]) {
    const status = await asi(home, 'status').catch(String);
    process.stderr.write(`asi ${args.join(' ')} still runs:\n${command.output()}\n${status}\n`);
  }
  for (const command of started.keys()) command.signal('SIGTERM');
  await Promise.all([...started.keys()].map(({ ended }) => ended));
}

/** Starts `asi ARGS` on a state folder as a user does: a process of its own, without a terminal, with nothing of ours in its environment. */
export function startAsi(
  home: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): AsiCommand {
  const own = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        ['ASI_TOOLCHAIN', 'ASI_BUNDLES', 'NODE_COMPILE_CACHE'].includes(name) ||
        !/^(ASI_|VITEST|NODE_|NATS_URL|MONGODB_URL)/.test(name),
    ),
  );
  const child = spawn(
    process.execPath,
    [programFile(join(repository, 'services/lab/src/main.ts'), process.env), ...args],
    {
      cwd: repository,
      env: { ...own, ASI_HOME: home, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let text = '';
  const lookers = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      for (const look of [...lookers]) look();
    });
  }
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal })),
  );
  const command: AsiCommand = {
    pid: child.pid ?? -1,
    output: () => text,
    ended,
    signal: (signal) => void child.kill(signal),
    seen: (pattern, limitSeconds = 120) =>
      new Promise((resolve, reject) => {
        const settle = (end: () => void) => {
          lookers.delete(look);
          clearTimeout(timer);
          end();
        };
        const fail = (why: string) => settle(() => reject(new Error(`${why} before ${String(pattern)}:\n${text}`)));
        const look = () => pattern.test(text) && settle(resolve);
        const timer = setTimeout(fail, limitSeconds * 1000, `${limitSeconds} s passed`);
        lookers.add(look);
        void ended.then(() => lookers.has(look) && fail('asi ended'));
        look();
      }),
  };
  started.set(command, { home, args });
  void ended.then(() => started.delete(command));
  return command;
}

/** What `asi run` has told so far of designs, trainings and results: how far its campaign is. */
export const stepsTold = ({ output }: AsiCommand): number =>
  output().match(/^\d\d:\d\d:\d\d .* (designed|trained|completed)\b/gm)?.length ?? 0;

/** Runs a command to its end and returns what it printed; throws unless it exits with 0. */
export async function asi(home: string, ...args: string[]): Promise<string> {
  const command = startAsi(home, args);
  const { code, signal } = await command.ended;
  if (code !== 0) throw new Error(`asi ${args.join(' ')} ended with ${code ?? signal}:\n${command.output()}`);
  return command.output();
}

/** One JSON value. */
export const asiJson = async (home: string, ...args: string[]): Promise<unknown> =>
  JSON.parse(await asi(home, ...args, '--json'));

/** One JSON value a line. */
export const asiJsonLines = async (home: string, ...args: string[]): Promise<unknown[]> =>
  (await asi(home, ...args, '--json'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
