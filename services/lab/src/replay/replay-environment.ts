import { keylessEnvironment } from '../stack/keyless-environment.ts';
import type { StateFolder } from '../stack/state-folder.ts';

/**
 * The environment of the house that replays: its own folder, embedded servers, the recorded runner, and no key. What a
 * runner may know is all that it needs: so no address of a model, of servers or of a tracing service is there either.
 */
export function replayEnvironment(env: NodeJS.ProcessEnv, folder: StateFolder, runnerUrl: string): NodeJS.ProcessEnv {
  const { ASI_EMBEDDED, ASI_LEASE_SECONDS } = env;
  return {
    ...keylessEnvironment(env, 'runner'),
    ...(ASI_EMBEDDED ? { ASI_EMBEDDED } : {}),
    ...(ASI_LEASE_SECONDS ? { ASI_LEASE_SECONDS } : {}),
    ASI_HOME: folder.path,
    ASI_RUNNER_URL: runnerUrl,
  };
}
