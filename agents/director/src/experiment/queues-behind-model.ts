import type { ThinkingRole } from '@asi/contracts';
import type { Terms } from './context.ts';

/**
 * Whether work of this role may have to wait for a language model: because its own mind is one, or because that of
 * another arm is, for the arms of a campaign share the places of a role's processes.
 */
export const queuesBehindModel = (
  { minds, modelRoles = [] }: Pick<Terms, 'minds' | 'modelRoles'>,
  role: ThinkingRole,
): boolean => minds[role] === 'llm' || modelRoles.includes(role);
