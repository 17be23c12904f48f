import type { Bus } from '@asi/bus';
import { deadLetterSchema, everyDeadLetter, parseSubject } from '@asi/contracts';
import type { DeadLetterView, Status } from './views/status.ts';

const shownDeadLetters = 50;

/** Asks every process for its state, and the broker for what waits and what nobody could handle. */
export async function readStatus(bus: Bus): Promise<Status> {
  const [processes, backlog, lastSequence, deadLetters] = await Promise.all([
    bus.discover(),
    bus.backlog(),
    bus.lastSequence(),
    readDeadLetters(bus),
  ]);
  return { processes, deadLetters, backlog, journal: { lastSequence } };
}

async function readDeadLetters(bus: Bus): Promise<DeadLetterView[]> {
  const letters: DeadLetterView[] = [];
  for await (const { sequence, subject, envelope } of bus.journal({ filters: [everyDeadLetter] })) {
    const letter = deadLetterSchema.safeParse(envelope?.data);
    if (!envelope || !letter.success) continue;
    const parts = parseSubject(subject);
    letters.push({
      sequence,
      at: envelope.time,
      consumer: parts?.owner ?? 'unknown',
      experimentId: envelope.subject === 'none' ? null : envelope.subject,
      code: letter.data.code,
      why: letter.data.why,
      originalSequence: letter.data.sequence,
      originalType: typeOf(letter.data.original),
    });
    if (letters.length > shownDeadLetters) letters.shift();
  }
  return letters.reverse();
}

function typeOf(original: string): string | null {
  try {
    const { type } = JSON.parse(original) as { type?: unknown };
    return typeof type === 'string' ? type : null;
  } catch {
    return null;
  }
}
