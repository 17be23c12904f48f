import { z } from 'zod';

/**
 * By which test a confirmation is decided. `larger-spread`: the larger of the pairs' own spread and the pooled one, judged by
 * the pairs alone. `pooled-spread`: as confirmations were decided that were planned before there was a choice; its level
 * does not hold for programs that are less steady than the reference models (docs/evaluation/confirmation.md).
 */
export const confirmationRuleSchema = z.enum(['pooled-spread', 'larger-spread']);
export type ConfirmationRule = z.infer<typeof confirmationRuleSchema>;
