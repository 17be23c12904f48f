import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { terminal } from '@asi/contracts';
import { z } from 'zod';

const repository = resolve(import.meta.dirname, '../..');

const defaultPython = (): string => {
  const installed = join(process.env.ASI_TOOLCHAIN ?? join(repository, '.toolchain'), 'python/bin/python');
  return existsSync(installed) ? installed : 'python3';
};

const defaultLauncher = (): string => join(process.env.ASI_TOOLCHAIN ?? join(repository, '.toolchain'), 'launcher');

const slotsExpected = 'expected a whole number from 1 to 256';

const schema = z.object({
  /** host:port; port 0 picks a free one. */
  ASI_RUNNER_ADDRESS: z
    .string()
    .regex(/^[^\s]+:\d+$/, 'must be host:port, for example 127.0.0.1:0')
    .default('127.0.0.1:0'),
  /** Where the address is written once the runner accepts jobs. */
  ASI_RUNNER_ADDRESS_FILE: z.string().min(1).optional(),
  /** Folder of the job ledger. */
  ASI_RUNNER_HOME: z.string().min(1).optional(),
  ASI_HOME: z.string().min(1).optional(),
  /** Training jobs at the same time. */
  ASI_RUNNER_SLOTS: z.coerce
    .number(slotsExpected)
    .int(slotsExpected)
    .min(1, slotsExpected)
    .max(256, slotsExpected)
    .default(availableParallelism()),
  /** A path, or a name that PATH knows. Jobs run in folders of their own: a relative path is made absolute here. */
  ASI_PYTHON: z
    .string()
    .transform((text) => (text.includes('/') ? resolve(text) : text))
    .optional(),
  /** Folder that contains the Python package `trainer`. */
  ASI_TRAINER_PATH: z.string().min(1).default(join(repository, 'gpu-runner/trainer')),
  /** The program of gpu-runner/launcher. Default: where the bootstrap builds it. */
  ASI_LAUNCHER: z.string().min(1).optional(),
  /** auto: the best that the doctor proves. bubblewrap: that or refuse to start. none: tier 0. */
  ASI_RUNNER_ISOLATION: z.enum(['auto', 'bubblewrap', 'none']).default('auto'),
  /** File that the outcome of the last examination of the isolation is kept in. Default: in ASI_RUNNER_HOME. */
  ASI_RUNNER_PROOF: z.string().min(1).optional(),
  /** Folder in which training jobs leave their trained models; without it they leave none. */
  ASI_RUNNER_CHECKPOINTS: z.string().min(1).optional(),
  ASI_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** Set by a supervisor that holds our standard input open: its end means that the supervisor is gone. */
  ASI_SUPERVISED: z.string().optional(),
  ASI_PULSE: z.string().optional(),
});

export type Environment = {
  address: string;
  addressFile: string | null;
  home: string;
  trainingSlots: number;
  python: string;
  trainerPath: string;
  launcher: string;
  checkpoints: string | null;
  isolation: 'auto' | 'bubblewrap' | 'none';
  proof: string;
  logLevel: string;
  supervised: boolean;
  /** Whether the supervisor waits for signs of life. */
  pulse: boolean;
};

/** Reads the settings of a runner. Errors: terminal `runner-settings`, naming the variable. */
export const readEnvironment = (variables: NodeJS.ProcessEnv): Environment => {
  const parsed = schema.safeParse(variables);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw terminal('runner-settings', `${issue?.path.join('.')}: ${issue?.message}`);
  }
  const values = parsed.data;
  const stateFolder = values.ASI_HOME ?? join(repository, '.asi');
  const home = resolve(values.ASI_RUNNER_HOME ?? join(stateFolder, 'runner'));
  return {
    address: values.ASI_RUNNER_ADDRESS,
    addressFile: values.ASI_RUNNER_ADDRESS_FILE ?? null,
    home,
    trainingSlots: values.ASI_RUNNER_SLOTS,
    python: values.ASI_PYTHON || defaultPython(),
    trainerPath: resolve(values.ASI_TRAINER_PATH),
    checkpoints: values.ASI_RUNNER_CHECKPOINTS === undefined ? null : resolve(values.ASI_RUNNER_CHECKPOINTS),
    launcher: resolve(values.ASI_LAUNCHER ?? defaultLauncher()),
    isolation: values.ASI_RUNNER_ISOLATION,
    proof: resolve(values.ASI_RUNNER_PROOF ?? join(home, 'isolation.json')),
    logLevel: values.ASI_LOG_LEVEL,
    supervised: values.ASI_SUPERVISED === '1',
    pulse: values.ASI_PULSE === '1',
  };
};
