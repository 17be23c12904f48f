import { terminal } from '@asi/contracts';
import { z } from 'zod';

const schema = z.object({
  ASI_DASHBOARD_HOST: z.string().min(1).default('127.0.0.1'),
  ASI_DASHBOARD_HOSTS: z
    .string()
    .default('')
    .transform((list) => list.split(',').flatMap((name) => name.trim() || []))
    .pipe(z.array(z.string().regex(/^[a-z0-9_.-]+$/i, 'expected host names without ports, separated by commas'))),
  ASI_DASHBOARD_PORT: z.coerce
    .number('expected a port number')
    .int('expected a port number')
    .min(0, 'expected a port number from 0 to 65535')
    .max(65535, 'expected a port number from 0 to 65535')
    .optional(),
  ASI_DASHBOARD_ADDRESS_FILE: z.string().min(1).optional(),
  ASI_STACK_FILE: z.string().min(1).optional(),
});

export type DashboardSettings = {
  readonly host: string;
  /** Names that it answers to beside those of this machine. */
  readonly hosts: readonly string[];
  /** Exactly this port (0: any free one); null: that of the last start, or the first free one from 7070. */
  readonly port: number | null;
  /** Where the address is written once the server listens. */
  readonly addressFile: string | null;
  /** Where lab says what it knows of its processes; null when it did not start this one. */
  readonly stackFile: string | null;
};

/** @throws terminal `environment-invalid`, naming the variable */
export function readDashboardSettings(variables: NodeJS.ProcessEnv): DashboardSettings {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw terminal('environment-invalid', `${issue?.path.join('.')}: ${issue?.message}`);
  }
  return {
    host: parsed.data.ASI_DASHBOARD_HOST,
    hosts: parsed.data.ASI_DASHBOARD_HOSTS,
    port: parsed.data.ASI_DASHBOARD_PORT ?? null,
    addressFile: parsed.data.ASI_DASHBOARD_ADDRESS_FILE ?? null,
    stackFile: parsed.data.ASI_STACK_FILE ?? null,
  };
}
