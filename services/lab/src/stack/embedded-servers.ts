import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { terminal } from '@asi/contracts';
import { readEmbeddedLogLine } from './embedded-log.ts';
import { freePorts } from './ports.ts';
import { embeddedBinary } from './toolchain.ts';

/** A broker and a database that are ready. */
export interface EmbeddedServers {
  readonly natsUrl: string;
  readonly mongodbUrl: string;
  readonly pid: number;
  /** Ends both servers in order; everything acknowledged is kept. Safe to call again. */
  stop(): Promise<void>;
  /** SIGKILL; everything acknowledged is kept all the same. */
  kill(): Promise<void>;
}

export interface EmbeddedServersOptions {
  /** Folder that holds everything the servers store; made when missing. */
  readonly home: string;
  /** Port of the broker on 127.0.0.1; a free one when not given. */
  readonly natsPort?: number;
  /** Port of the database on 127.0.0.1; a free one when not given. */
  readonly mongoPort?: number;
  /** Free disk space needed, MiB. */
  readonly minFreeMebibytes?: number;
  readonly binary?: string;
}

// A port can be taken between the look and the bind.
const portAttempts = 5;
const stopLimitMilliseconds = 5_000;

/** Arguments of the embedded program for these options and ports. */
export function embeddedArguments(options: EmbeddedServersOptions, natsPort: number, mongoPort: number): string[] {
  return [
    'serve',
    ...['--home', options.home],
    ...['--nats-port', String(natsPort)],
    ...['--mongo-port', String(mongoPort)],
    ...['--die-with-parent', String(process.pid)],
    ...(options.minFreeMebibytes === undefined ? [] : ['--min-free-mib', String(options.minFreeMebibytes)]),
  ];
}

/**
 * Starts the embedded broker and database and waits until both answer. They end with this process, however it ends.
 * @throws terminal `port-in-use`, `store-locked`, `no-space`, `no-access`, `embedded-missing`: the message says what to do
 */
export async function startEmbeddedServers(options: EmbeddedServersOptions): Promise<EmbeddedServers> {
  const fixed = options.natsPort !== undefined || options.mongoPort !== undefined;
  for (let attempt = 1; ; attempt++) {
    const [natsPort = 0, mongoPort = 0] = await freePorts(2);
    const started = await startOnce(options, options.natsPort ?? natsPort, options.mongoPort ?? mongoPort);
    if ('servers' in started) return started.servers;
    if (started.code !== 'port-in-use' || fixed || attempt === portAttempts) {
      throw terminal(started.code, started.message);
    }
  }
}

type Started = { readonly servers: EmbeddedServers } | { readonly code: string; readonly message: string };

function startOnce(options: EmbeddedServersOptions, natsPort: number, mongoPort: number): Promise<Started> {
  const binary = options.binary ?? embeddedBinary();
  // The open pipe on standard input is how the program notices this process's end where the kernel does not tell. In a group of its own,
  // because Ctrl-C on a terminal is for us: who reads from servers that have just been ended waits for them for ten seconds.
  const child = spawn(binary, embeddedArguments(options, natsPort, mongoPort), {
    stdio: ['pipe', 'ignore', 'pipe'],
    detached: true,
  });
  child.stdin.on('error', () => undefined);
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), stopLimitMilliseconds);
    await exited;
    clearTimeout(timer);
  };

  return new Promise((resolve) => {
    let failure = { code: 'failed', message: `the embedded servers (${binary}) ended without a reason` };
    child.once('error', (error) => resolve({ code: 'embedded-broken', message: `${binary}: ${error.message}` }));
    void exited.then(() => resolve(failure));
    createInterface({ input: child.stderr }).on('line', (text) => {
      const line = readEmbeddedLogLine(text);
      if (line.kind === 'fatal') failure = { code: line.code, message: line.message };
      if (line.kind !== 'ready') return;
      const { natsUrl, mongodbUrl } = line;
      resolve({
        servers: { natsUrl, mongodbUrl, pid: child.pid ?? 0, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') },
      });
    });
  });
}
