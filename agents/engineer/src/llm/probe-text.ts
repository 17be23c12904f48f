import { asData } from '@asi/llm';
import type { Answered } from '../run-job.ts';

const outputCharacters = 6000;
const errorCharacters = 4000;

/** What a probe showed, for whoever asked for it. Without its seconds: the same probe, run again, is the same question. */
export function probeText(outcome: Answered): string {
  if (outcome.status === 'ok') {
    if (outcome.kind !== 'probe') throw new Error('a probe answered with another kind of result');
    const { stdout, stderr, exit } = outcome.result;
    return [
      `The probe ${exit === 0 ? 'came to its end' : 'raised'}.`,
      asData('what it printed', stdout.slice(0, outputCharacters)),
      ...(stderr.trim() === '' ? [] : [asData('end of its log', stderr.slice(-errorCharacters))]),
    ].join('\n');
  }
  const { stdout = '', logTail = '' } = outcome.evidence;
  const reason = outcome.status === 'timeout' ? 'timeout' : outcome.reason;
  return [
    `The probe did not come to its end (${reason}).`,
    asData('why', outcome.message),
    ...(stdout === '' ? [] : [asData('what it had printed', stdout.slice(0, outputCharacters))]),
    ...(logTail.trim() === '' ? [] : [asData('end of its log', logTail.slice(-errorCharacters))]),
  ].join('\n');
}
