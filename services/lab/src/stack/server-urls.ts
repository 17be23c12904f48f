import { terminal } from '@asi/contracts';

/** Servers of one's own. */
export interface ServerUrls {
  readonly natsUrl: string;
  readonly mongodbUrl: string;
}

/**
 * The servers that the environment names, or null when the embedded ones are wanted.
 * @throws terminal `servers-incomplete` when only one of the two is named
 */
export function externalServers(env: NodeJS.ProcessEnv): ServerUrls | null {
  const { NATS_URL: natsUrl, MONGODB_URL: mongodbUrl } = env;
  if (natsUrl && mongodbUrl) return { natsUrl, mongodbUrl };
  if (!natsUrl && !mongodbUrl) return null;
  const [given, missing] = natsUrl ? ['NATS_URL', 'MONGODB_URL'] : ['MONGODB_URL', 'NATS_URL'];
  throw terminal(
    'servers-incomplete',
    `${given} is set but ${missing} is not; set both to use servers of your own, or neither`,
  );
}
