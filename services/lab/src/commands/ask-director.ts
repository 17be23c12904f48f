import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type catalogue,
  deadLetterSchema,
  deadLettersOf,
  type Envelope,
  envelopeSchema,
  filterFor,
  type MessageId,
  messageIdSchema,
} from '@asi/contracts';
import type { Reading } from '@asi/reading';

export type Question<Answer> = {
  /** Publishes the command under this id. */
  readonly ask: (id: MessageId) => Promise<{ readonly envelope: Envelope }>;
  /** The events that answer it, and what each says; null when it does not say that. */
  readonly answers: ReadonlyArray<{
    readonly event: (typeof catalogue)['campaignStarted' | 'campaignChanged' | 'confirmationPlanned'];
    readonly read: (data: unknown) => Answer | null;
  }>;
  /** Looked at about once a second, for an answer that was said while the connection was away. */
  readonly elsewhere?: (askedAt: string) => Promise<Answer | null>;
  readonly seconds: number;
  readonly signal: AbortSignal;
};

/** What the director answered, why it refused, or neither within the time. */
export type DirectorsAnswer<Answer> =
  | { readonly kind: 'answered'; readonly answer: Answer }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'silent' };

/** Gives the director a command and waits for what it says to it. */
export async function askDirector<Answer>(
  { bus }: Reading,
  { ask, answers, elsewhere, seconds, signal }: Question<Answer>,
): Promise<DirectorsAnswer<Answer>> {
  // Known before it is published: the answer may come before the broker has acknowledged the question.
  const asked = messageIdSchema.parse(randomUUID());
  let heard: DirectorsAnswer<Answer> | null = null;
  const watches = [
    ...answers.map(({ event, read }) =>
      bus.watch(filterFor(event.kind, event.owner, event.name), ({ causationid, data }) => {
        const answer = causationid === asked ? read(data) : null;
        if (answer !== null) heard = { kind: 'answered', answer };
      }),
    ),
    bus.watch(deadLettersOf('director'), ({ data }) => {
      const letter = deadLetterSchema.safeParse(data);
      if (letter.success && idOf(letter.data.original) === asked) heard = { kind: 'refused', why: letter.data.why };
    }),
  ];
  try {
    const { envelope } = await ask(asked);
    for (let waited = 0; waited < seconds * 1000; waited += 100) {
      if (heard !== null) return heard;
      if (elsewhere && waited % 1000 === 900) {
        const answer = await elsewhere(envelope.time);
        if (answer !== null) return { kind: 'answered', answer };
      }
      signal.throwIfAborted();
      await sleep(100);
    }
    return { kind: 'silent' };
  } finally {
    for (const watch of watches) watch.stop();
  }
}

/** The id of the message that a dead letter holds; null when it cannot be read. */
function idOf(text: string): string | null {
  try {
    const original = envelopeSchema.safeParse(JSON.parse(text));
    return original.success ? original.data.id : null;
  } catch {
    return null;
  }
}
