import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isAsiError, messageOf, type ThinkingRole } from '@asi/contracts';
import { loadPrompts, type PromptForm, promptForms } from '@asi/llm/prompts';

/** Why a role cannot ask its questions: which of its prompt files is broken, and how; null where all can be used. */
export function promptProblemOf(role: ThinkingRole, root: string): string | null {
  const forms: Readonly<Record<string, PromptForm>> = promptForms[role];
  try {
    loadPrompts(pathToFileURL(`${join(root, 'agents', role, 'prompts')}/`), forms);
    return null;
  } catch (error) {
    if (!isAsiError(error)) throw error;
    return messageOf(error);
  }
}
