import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { messageOf, terminal } from '@asi/contracts';
import { z } from 'zod';
import { jobEnvironment, type Trainer } from '../process/job-command.ts';

const names = z.union([
  z.array(z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)])),
  z.record(z.string(), z.unknown()).transform(Object.keys),
]);

const descriptionSchema = z.object({
  suites: names,
  builtins: names,
  versions: z.object({ trainer: z.string(), torch: z.string(), python: z.string() }),
});
export type TrainerDescription = z.output<typeof descriptionSchema> & { devices: ('cpu' | 'cuda')[] };

/** What the installed trainer offers. Errors: terminal `runner-trainer`, when Python or the package cannot be run. */
export const describeTrainer = async (trainer: Trainer): Promise<TrainerDescription> => {
  try {
    const { stdout } = await promisify(execFile)(trainer.python, ['-m', 'trainer', 'describe'], {
      env: jobEnvironment(trainer, tmpdir(), 'describe'),
      timeout: 60_000,
      maxBuffer: 4 * 1024 * 1024,
    });
    // The trainer could use either; what this machine has is seen without importing torch.
    const devices: ('cpu' | 'cuda')[] = existsSync('/dev/nvidiactl') ? ['cpu', 'cuda'] : ['cpu'];
    return { ...descriptionSchema.parse(JSON.parse(stdout)), devices };
  } catch (error) {
    const text = messageOf(error).split('\n').slice(0, 3).join(' ');
    const message = `${trainer.python} -m trainer describe failed; set ASI_PYTHON to a Python with torch and numpy (${text})`;
    throw terminal('runner-trainer', message, { cause: error });
  }
};
