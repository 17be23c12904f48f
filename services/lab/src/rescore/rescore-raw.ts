import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { hashText, type Measurement, measuredNumberSchema, messageOf, terminal } from '@asi/contracts';
import { z } from 'zod';
import { repositoryRoot, trainerPython } from '../stack/toolchain.ts';

const rescoredSchema = z.object({
  tasks: z.array(
    z.object({
      task: z.string(),
      value: measuredNumberSchema,
      standardError: measuredNumberSchema,
      loss: measuredNumberSchema,
      sequences: z.number(),
      rawSha256: z.string(),
    }),
  ),
  battery: measuredNumberSchema,
  languageModelLoss: measuredNumberSchema,
  suspectLeak: z.string(),
  trainerVersion: z.string(),
});
/** The scores that the trainer's scoring function gives for raw values. */
export type Rescored = z.infer<typeof rescoredSchema>;

const packedSchema = z.record(z.string(), z.object({ answerLosses: z.string().min(1) }));
const longestMilliseconds = 60_000;

/**
 * Runs the trainer's own scoring function, in a process without the candidate, on an artifact of raw values.
 * @throws terminal `raw-changed` when the body is not what its hash says; `raw-without-answers` for what was measured before
 *   raw values were kept per scored position; `rescore-failed`, with the trainer's words
 */
export async function rescoreRaw(body: string, measured: Measurement, env: NodeJS.ProcessEnv): Promise<Rescored> {
  if (hashText(body) !== measured.rawHash)
    throw terminal('raw-changed', `the stored raw values are not those of the measurement (hash ${hashText(body)})`);
  const raw: unknown = JSON.parse(body);
  if (!packedSchema.safeParse(raw).success)
    throw terminal(
      'raw-without-answers',
      'its raw values hold no scored positions: it was measured by a trainer that did not keep them',
    );
  const metrics = Object.fromEntries(measured.tasks.map(({ task, metric }) => [task, metric]));
  return rescoredSchema.parse(JSON.parse(await runTrainer(JSON.stringify({ metrics, raw }), env)));
}

const runTrainer = (input: string, env: NodeJS.ProcessEnv): Promise<string> =>
  new Promise((resolve, reject) => {
    const trainer = env.ASI_TRAINER_PATH ?? join(repositoryRoot, 'gpu-runner/trainer');
    const child = execFile(
      trainerPython(env),
      ['-m', 'trainer', 'rescore'],
      {
        env: { ...env, PYTHONPATH: trainer, OMP_NUM_THREADS: '1' },
        timeout: longestMilliseconds,
        maxBuffer: 16 * 2 ** 20,
      },
      (error, output, faults) => {
        if (!error) return resolve(output);
        const why = faults.trim().split('\n').at(-1) || messageOf(error);
        reject(terminal('rescore-failed', `the trainer cannot score the raw values: ${why}`));
      },
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
