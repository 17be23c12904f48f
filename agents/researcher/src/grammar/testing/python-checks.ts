import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const answerSchema = z.object({
  error: z.string().nullable(),
  parameters: z.number(),
  wideParameters: z.number(),
  probe: z.array(z.number()),
});
export type CheckAnswer = z.infer<typeof answerSchema>;

export type CheckRequest = { readonly source: string; readonly reference?: boolean; readonly builtin?: string };

const folder = new URL('.', import.meta.url);
const repository = new URL('../../../../../', folder);

/** The interpreter with PyTorch: ASI_PYTHON, else the repository's toolchain. */
export function pythonPath(): string {
  const toolchain = process.env.ASI_TOOLCHAIN ?? fileURLToPath(new URL('.toolchain', repository));
  const installed = `${toolchain}/python/bin/python`;
  return process.env.ASI_PYTHON ?? (existsSync(installed) ? installed : 'python3');
}

/**
 * Runs every program in one real PyTorch process (`check_program.py`) and returns its answers in order. Rejects when
 * the process fails, with the end of its standard error.
 */
export async function checkPrograms(requests: readonly CheckRequest[]): Promise<CheckAnswer[]> {
  const script = fileURLToPath(new URL('check_program.py', folder));
  const env = { ...process.env, OMP_NUM_THREADS: '1', PYTHONDONTWRITEBYTECODE: '1', PYTHONHASHSEED: '0' };
  const child = spawn(pythonPath(), [script], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-2000);
  });
  const exited = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  child.stdin.end(requests.map((request) => `${JSON.stringify(request)}\n`).join(''));
  const answers: CheckAnswer[] = [];
  for await (const line of createInterface({ input: child.stdout })) answers.push(answerSchema.parse(JSON.parse(line)));
  const code = await exited;
  if (code !== 0) throw new Error(`check_program.py ended with ${code}: ${log}`);
  return answers;
}
