import { pulseSeconds, terminal } from '@asi/contracts';

export const defaultSilenceSeconds = 60;

// Below that a busy machine could be taken for a process that hangs.
const shortestSeconds = 3 * pulseSeconds;

/**
 * How long a process may give no sign of life before it is killed and started again, by ASI_SILENCE_SECONDS; 0 is for ever.
 * @throws terminal `environment-invalid` when it is no such number
 */
export function silenceSecondsOf({ ASI_SILENCE_SECONDS: text }: NodeJS.ProcessEnv): number {
  if (text === undefined || text === '') return defaultSilenceSeconds;
  const seconds = Number(text);
  if (seconds === 0 || (seconds >= shortestSeconds && Number.isFinite(seconds))) return seconds;
  throw terminal(
    'environment-invalid',
    `ASI_SILENCE_SECONDS=${text}: expected 0 (a process that hangs is left alone) or at least ${shortestSeconds} seconds; leave it unset for ${defaultSilenceSeconds}`,
  );
}
