import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { programFile } from '../../services/lab/src/stack/program-file.ts';

export type HouseProcess = {
  readonly child: ChildProcess;
  /** Resolves with how it ended. */
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  stop(): Promise<void>;
  output(): string;
};

const repository = fileURLToPath(new URL('../../', import.meta.url));

/** Starts one process of the house as the supervisor would, and resolves when it says that it is ready (or has ended). */
export async function startHouseProcess(main: string, env: Record<string, string>): Promise<HouseProcess> {
  const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env;
  const child = spawn(process.execPath, [programFile(`${repository}${main}`, process.env)], {
    env: { PATH, NODE_COMPILE_CACHE, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) =>
    child.once('exit', (code, signal) => resolve({ code, signal })),
  );
  const ready = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        if (text.includes('"msg":"ready"')) resolve();
      });
    }
  });
  await Promise.race([ready, exited]);
  return {
    child,
    exited,
    output: () => text,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
