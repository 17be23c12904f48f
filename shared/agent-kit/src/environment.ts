import { randomBytes } from 'node:crypto';
import { terminal } from '@asi/contracts';
import { z } from 'zod';

const schema = z.object({
  NATS_URL: z.string().min(1, 'NATS_URL is not set: processes are started by `asi up`, or give the broker by NATS_URL'),
  MONGODB_URL: z.string().optional(),
  ASI_INSTANCE: z
    .string()
    .regex(/^[a-z0-9-]+$/)
    .optional(),
  ASI_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
  ASI_LEASE_SECONDS: z.coerce.number().positive().default(15),
  ASI_SUPERVISED: z.string().optional(),
  ASI_PULSE: z.string().optional(),
  ASI_DATABASE: z.string().default('asi'),
});

export type Environment = {
  readonly natsUrl: string;
  readonly mongodbUrl: string | null;
  readonly instance: string;
  readonly logLevel: string;
  readonly leaseSeconds: number;
  readonly supervised: boolean;
  /** Whether the supervisor waits for signs of life. */
  readonly pulse: boolean;
  readonly database: string;
};

/** The settings every process has, from environment variables. Throws a terminal error that names the variable. */
export function readEnvironment(variables: NodeJS.ProcessEnv): Environment {
  const parsed = schema.safeParse(variables);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw terminal('environment-invalid', `${issue?.path.join('.')}: ${issue?.message}`);
  }
  const values = parsed.data;
  return {
    natsUrl: values.NATS_URL,
    mongodbUrl: values.MONGODB_URL ?? null,
    instance: values.ASI_INSTANCE ?? randomBytes(4).toString('hex'),
    logLevel: values.ASI_LOG_LEVEL,
    leaseSeconds: values.ASI_LEASE_SECONDS,
    supervised: values.ASI_SUPERVISED === '1',
    pulse: values.ASI_PULSE === '1',
    database: values.ASI_DATABASE,
  };
}

/** The database URL of a process that owns documents. */
export function requireDatabaseUrl(environment: Environment): string {
  if (!environment.mongodbUrl)
    throw terminal('environment-invalid', 'MONGODB_URL is not set: this process owns documents');
  return environment.mongodbUrl;
}
