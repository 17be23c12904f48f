import { type ChildProcess, spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export type RunningObservatory = {
  readonly url: string;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  kill(): Promise<void>;
};

type Options = {
  readonly natsUrl: string;
  readonly mongodbUrl: string;
  readonly folder: string;
  readonly port?: number;
  /** Where lab would say what it knows of its processes. */
  readonly stackFile?: string;
};

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

/** Starts the observatory as the supervisor does: a process of its own that writes its address into a file. */
export async function startObservatory({
  natsUrl,
  mongodbUrl,
  folder,
  port = 0,
  stackFile = '',
}: Options): Promise<RunningObservatory> {
  const addressFile = join(folder, 'dashboard-address');
  await rm(addressFile, { force: true });
  const child = spawn(process.execPath, [main], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      NATS_URL: natsUrl,
      MONGODB_URL: mongodbUrl,
      ASI_DASHBOARD_PORT: String(port),
      ASI_DASHBOARD_ADDRESS_FILE: addressFile,
      ASI_STACK_FILE: stackFile,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const url = await addressOf(child, addressFile, () => output);
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return ended;
  };
  return {
    url,
    stop: () => end('SIGTERM'),
    kill: async () => {
      await end('SIGKILL');
    },
  };
}

async function addressOf(child: ChildProcess, file: string, output: () => string): Promise<string> {
  for (;;) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (text) return text.trim();
    if (child.exitCode !== null) throw new Error(`the observatory ended with ${child.exitCode}: ${output()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
