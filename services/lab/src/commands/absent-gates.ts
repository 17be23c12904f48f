import { setTimeout as sleep } from 'node:timers/promises';
import type { Bus } from '@asi/bus';
import type { Gate } from '@asi/contracts';

const startSeconds = 5;

const wordsFor = ({ role, stage, deadlineSeconds, onSilence }: Gate): string =>
  `no process of the role ${role} answers: the campaign asks it ${stage === 'designed' ? 'before each training' : 'before each result counts'} and after ${deadlineSeconds} s takes its silence as ${onSilence === 'veto' ? 'a veto' : 'consent'} (docs/how-it-works.md, "Gates")`;

/** One sentence for every gate whose role does not run, also not after the time that a process needs to start. */
export async function absentGates(bus: Bus, gates: readonly Gate[], signal: AbortSignal): Promise<string[]> {
  let absent = [...gates];
  for (let waited = 0; absent.length > 0 && waited < startSeconds * 1000; waited += 500) {
    if (waited > 0) await sleep(200, undefined, { signal });
    const roles = (await bus.discover(300)).map(({ role }) => role);
    absent = absent.filter(({ role }) => !roles.includes(role));
  }
  return absent.map(wordsFor);
}
