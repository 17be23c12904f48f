import { terminal } from '@asi/contracts';
import type { ChatMessage } from '../thinker.ts';

const pattern = /^# system\n([\s\S]*?)\n# user\n([\s\S]*)$/;

/**
 * The messages of a rendered prompt: what stands under `# system` and what stands under `# user`. The first such lines
 * count, so no value in the user's part can begin another; values that others wrote belong there and not above it.
 * @throws terminal `prompt-invalid` when the text is not of these two parts
 */
export function messagesOf(text: string): readonly [ChatMessage, ChatMessage] {
  const [, system, user] = pattern.exec(text) ?? [];
  if (system === undefined || user === undefined)
    throw terminal('prompt-invalid', 'a prompt begins with a line "# system" and has a line "# user" below it');
  return [
    { role: 'system', content: system.trim() },
    { role: 'user', content: user.trim() },
  ];
}
