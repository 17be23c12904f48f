import { terminal } from '@asi/contracts';
import { externalServers, type ServerUrls } from './server-urls.ts';

/** A stack whose processes something else runs (docker compose, systemd, Kubernetes): commands use it and start nothing. */
export interface ExternalStack extends ServerUrls {
  /** Where people open its dashboard, when ASI_DASHBOARD_URL says so. */
  readonly dashboard: string | null;
}

/**
 * The stack that ASI_STACK=external announces, or null when commands may run a stack of their own.
 * @throws terminal `servers-incomplete` when its servers are not named, `usage` for any other value of ASI_STACK
 */
export function externalStack(env: NodeJS.ProcessEnv): ExternalStack | null {
  if (!env.ASI_STACK) return null;
  if (env.ASI_STACK !== 'external') {
    throw terminal(
      'usage',
      `ASI_STACK=${env.ASI_STACK}: the only value is external; leave it unset to run a stack here`,
    );
  }
  const servers = externalServers(env);
  if (!servers) {
    throw terminal(
      'servers-incomplete',
      'ASI_STACK=external needs NATS_URL and MONGODB_URL, the servers of that stack',
    );
  }
  return { ...servers, dashboard: env.ASI_DASHBOARD_URL || null };
}

/** @throws terminal `stack-external`: who runs the processes also starts and stops them */
export function refuseExternalStack(env: NodeJS.ProcessEnv): void {
  if (!externalStack(env)) return;
  throw terminal(
    'stack-external',
    'ASI_STACK=external: the processes of this stack are started and stopped by what runs them, for example docker compose up and docker compose stop',
  );
}
