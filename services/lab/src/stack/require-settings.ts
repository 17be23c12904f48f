// Without the index, which loads what only processes need.
import { readEnvironment } from '@asi/agent-kit/environment';
import { terminal } from '@asi/contracts';
import { silenceSecondsOf } from './silence-seconds.ts';

/** What every process understands: agents know `trace` as well, and runners `silent`. */
const logLevels = ['debug', 'info', 'warn', 'error'];

/**
 * Refuses settings that are read by every process: each would end with them, and be started again and again.
 * @throws terminal `environment-invalid`, naming the variable
 */
export function requireSettings(env: NodeJS.ProcessEnv): void {
  const { ASI_LOG_LEVEL: level } = env;
  if (level !== undefined && !logLevels.includes(level))
    throw terminal(
      'environment-invalid',
      `ASI_LOG_LEVEL=${level}: expected one of ${logLevels.join(', ')}; leave it unset for info`,
    );
  silenceSecondsOf(env);
  // Where the servers will be is not known yet, and nobody's mistake.
  readEnvironment({ ...env, NATS_URL: 'nats://127.0.0.1' });
}
