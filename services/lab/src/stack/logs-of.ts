import { externalStack } from './external-stack.ts';
import { stateFolder } from './state-folder.ts';

/** Where a person finds what the processes said: a folder, or what shows it where something else runs them. */
export const logsOf = (env: NodeJS.ProcessEnv): string =>
  externalStack(env) ? 'the logs of what runs the stack (docker compose logs)' : stateFolder(env).logs;
