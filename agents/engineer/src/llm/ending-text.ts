import type { FailedTraining } from '../mind.ts';

const logCharacters = 8000;
const valueCharacters = 500;

/**
 * How a training ended: reason, message, what the runner noted, and the end of its log. No word of a worker that was
 * given held-out sequences, whatever the runner noted of it: whoever mends the program could build them into it.
 */
export function endingText({ outcome, cause }: Pick<FailedTraining, 'outcome' | 'cause'>): string {
  const { logTail = '', ...noted } = outcome.evidence;
  return [
    `reason: ${cause.code}`,
    `message: ${cause.message}`,
    ...Object.entries(noted).map(([name, value]) => `${name}: ${value.slice(0, valueCharacters)}`),
    noted.worker === 'evaluate'
      ? 'what was logged while held-out sequences were evaluated is not shown'
      : logTail.trim() === ''
        ? 'nothing was logged'
        : `end of the log:\n${logTail.slice(-logCharacters)}`,
  ].join('\n');
}
