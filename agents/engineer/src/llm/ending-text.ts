import type { FailedTraining } from '../mind.ts';

const logCharacters = 8000;
const valueCharacters = 500;

/** How a training ended: reason, message, what the runner noted, and the end of its log. */
export function endingText({ outcome, cause }: Pick<FailedTraining, 'outcome' | 'cause'>): string {
  const { logTail = '', ...noted } = outcome.evidence;
  return [
    `reason: ${cause.code}`,
    `message: ${cause.message}`,
    ...Object.entries(noted).map(([name, value]) => `${name}: ${value.slice(0, valueCharacters)}`),
    logTail.trim() === '' ? 'nothing was logged' : `end of the log:\n${logTail.slice(-logCharacters)}`,
  ].join('\n');
}
