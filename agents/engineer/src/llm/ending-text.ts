import type { FailedTraining } from '../mind.ts';

const logCharacters = 8000;
const valueCharacters = 500;

type Failed = Pick<FailedTraining, 'outcome' | 'cause'>;

/** How a training ended: reason, message, and what the runner noted beside the log. */
export function endingText({ outcome, cause }: Failed): string {
  const { logTail: _, ...noted } = outcome.evidence;
  return [
    `reason: ${cause.code}`,
    `message: ${cause.message}`,
    ...Object.entries(noted).map(([name, value]) => `${name}: ${value.slice(0, valueCharacters)}`),
  ].join('\n');
}

/**
 * The end of its log. No word of a worker that was given held-out sequences, whatever the runner noted of it: whoever mends
 * the program could build them into it.
 */
export function logText({ outcome }: Failed): string {
  const { logTail = '', worker } = outcome.evidence;
  if (worker === 'evaluate') return 'what was logged while held-out sequences were evaluated is not shown';
  return logTail.trim() === '' ? 'nothing was logged' : logTail.slice(-logCharacters);
}
