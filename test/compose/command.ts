import { type ChildProcess, spawn } from 'node:child_process';

export type CommandOptions = {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Written to its standard input. */
  readonly input?: string;
  readonly limitSeconds?: number;
};

export type CommandResult = { readonly code: number; readonly output: string; readonly errors: string };

const underWay = new Set<ChildProcess>();

/** Ends the commands that are under way: each of them fails, and whoever waits for it cleans up. */
export function interruptCommands(): void {
  for (const child of underWay) child.kill('SIGKILL');
}

/** Runs a command to its end; a command that cannot be started ends with code 127. */
export function tryRun(command: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const [program = '', ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: 'pipe',
    });
    underWay.add(child);
    const timer = setTimeout(() => child.kill('SIGKILL'), (options.limitSeconds ?? 1800) * 1000);
    const end = (result: CommandResult) => {
      clearTimeout(timer);
      underWay.delete(child);
      resolve(result);
    };
    let [output, errors] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
    child.once('error', (error) => end({ code: 127, output, errors: error.message }));
    child.once('close', (code) => end({ code: code ?? 137, output, errors }));
  });
}

/** What it prints. @throws Error with the end of its output when it fails */
export async function run(command: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { code, output, errors } = await tryRun(command, options);
  if (code === 0) return output;
  throw new Error(`${command.join(' ')} ended with ${code}:\n${(output + errors).slice(-3000)}`);
}

export const say = (text: string): void => void process.stdout.write(`${text}\n`);
