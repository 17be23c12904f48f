import type { ChatMessage } from '../thinker.ts';

/** Asks again, after an answer that was of no use: it is shown, with what is wrong with it. */
export const repairMessages = (
  messages: readonly ChatMessage[],
  content: string,
  problem: string,
): readonly ChatMessage[] => [
  ...messages,
  // Some endpoints refuse an empty message.
  { role: 'assistant', content: content.trim() === '' ? '(nothing)' : content },
  {
    role: 'user',
    content: `This answer cannot be used:\n${problem}\n\nGive the whole answer again with this put right, as one JSON object of the shape that was asked for, and nothing else.`,
  },
];
