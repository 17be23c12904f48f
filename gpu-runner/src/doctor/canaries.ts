import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type ListenOptions, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Things outside the sandbox that a worker must not reach, made afresh for every examination. */
export type Canaries = {
  /** For the canary program. */
  description: Record<string, string | number>;
  /** For its environment. */
  environment: Record<string, string>;
  /** An open descriptor for it to inherit. */
  descriptor: number;
  remove: () => void;
};

const listening = (options: ListenOptions): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', reject);
    server.listen(options, () => resolve(server));
  });

export const createCanaries = async (trainerPath: string): Promise<Canaries> => {
  const secret = randomBytes(16).toString('hex');
  const folder = mkdtempSync(join(tmpdir(), 'asi-canary-'));
  chmodSync(folder, 0o755);
  const [readableFile, privateFile, pathSocket] = ['readable', 'private', 'socket'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  writeFileSync(readableFile, secret, { mode: 0o644 });
  writeFileSync(privateFile, secret, { mode: 0o600 });
  const descriptor = openSync(privateFile, 'r');
  const abstractSocket = `asi-canary-${secret}`;
  const servers = await Promise.all([
    listening({ host: '127.0.0.1', port: 0 }),
    listening({ path: `\0${abstractSocket}` }),
    listening({ path: pathSocket }),
  ]);
  chmodSync(pathSocket, 0o777);
  const bound = servers[0].address();
  const trainerFiles = readdirSync(join(trainerPath, 'trainer')).filter((name) => name.endsWith('.py'));
  return {
    description: {
      secret,
      readableFile,
      privateFile,
      pathSocket,
      abstractSocket,
      openFile: privateFile,
      port: typeof bound === 'object' && bound !== null ? bound.port : 0,
      pid: process.pid,
      systemOwner: statSync('/usr').uid,
      pidNamespace: readlinkSync('/proc/self/ns/pid'),
      ipcNamespace: readlinkSync('/proc/self/ns/ipc'),
      trainerFile: join(trainerPath, 'trainer', trainerFiles[0] ?? '__init__.py'),
    },
    environment: { ASI_CANARY_SECRET: secret },
    descriptor,
    remove: () => {
      for (const server of servers) server.close();
      closeSync(descriptor);
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
