import type { Bus } from '@asi/bus';
import { deadLetterSchema, everyDeadLetter, parseSubject } from '@asi/contracts';
import type { DeadLetterView, Status } from './views/status.ts';

const shownDeadLetters = 50;

/** Asks every process for its state, and the broker for what waits and what nobody could handle. */
export async function readStatus(bus: Bus): Promise<Status> {
  const [processes, backlog, lastSequence, dead] = await Promise.all([
    bus.discover(),
    bus.backlog(),
    bus.lastSequence(),
    readDeadLetters(bus),
  ]);
  return { processes, ...dead, backlog, journal: { lastSequence } };
}

async function readDeadLetters(bus: Bus): Promise<Pick<Status, 'deadLetters' | 'deadLetterCounts'>> {
  const deadLetterCounts: Record<string, number> = {};
  const letters: DeadLetterView[] = [];
  for await (const { sequence, subject, envelope } of bus.journal({ filters: [everyDeadLetter] })) {
    const letter = deadLetterSchema.safeParse(envelope?.data);
    if (!envelope || !letter.success) continue;
    const consumer = parseSubject(subject)?.owner ?? 'unknown';
    deadLetterCounts[consumer] = (deadLetterCounts[consumer] ?? 0) + 1;
    letters.push({
      sequence,
      at: envelope.time,
      consumer,
      experimentId: envelope.subject === 'none' ? null : envelope.subject,
      code: letter.data.code,
      why: letter.data.why,
      originalSequence: letter.data.sequence,
      originalType: typeOf(letter.data.original),
    });
    if (letters.length > shownDeadLetters) letters.shift();
  }
  return { deadLetters: letters.reverse(), deadLetterCounts };
}

function typeOf(original: string): string | null {
  try {
    const { type } = JSON.parse(original) as { type?: unknown };
    return typeof type === 'string' ? type : null;
  } catch {
    return null;
  }
}
