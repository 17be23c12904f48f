import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-home.ts';

/** Programs of a house for tests: what a process may do well, and badly. */
export const programs = {
  /** Says that it is ready, and ends when it is asked to. */
  obedient: `
    process.on('SIGTERM', () => process.exit(0));
    setInterval(() => {}, 1000);
    console.log(JSON.stringify({ level: 30, msg: 'ready', env: process.env }));`,
  /** Ignores SIGTERM and has a child in its process group that does so too. */
  stubborn: `
    const { spawn } = await import('node:child_process');
    process.on('SIGTERM', () => {});
    setInterval(() => {}, 1000);
    const child = spawn('sh', ['-c', 'trap "" TERM; while :; do sleep 1; done'], { stdio: 'inherit' });
    console.log(JSON.stringify({ level: 30, msg: 'child', child: child.pid }));
    console.log(JSON.stringify({ level: 30, msg: 'ready' }));`,
  /** Ends at once with an uncaught error. */
  broken: `throw new TypeError('the machine has no state');`,
  /** Writes its address to the file it is told. */
  listening: `
    const { writeFileSync } = await import('node:fs');
    process.on('SIGTERM', () => process.exit(0));
    setInterval(() => {}, 1000);
    writeFileSync(process.env.ASI_DASHBOARD_ADDRESS_FILE, 'http://127.0.0.1:7070\\n');`,
} as const;

/** A member of a house for tests. */
export interface TestMember {
  readonly path: string;
  readonly program: keyof typeof programs;
  readonly declaration?: Record<string, unknown>;
}

/** Makes a folder with these members, laid out as the repository is. */
export function makeHouse(members: readonly TestMember[]): string {
  const root = temporaryFolder();
  for (const { path, program, declaration = {} } of members) {
    const folder = join(root, path);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'main.mjs'), programs[program]);
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ asi: { process: 'main.mjs', ...declaration } }));
  }
  return root;
}
