import { isAsiError } from '@asi/contracts';

const codes = ['model-refused', 'model-truncated', 'model-answer-invalid', 'model-rejected'];

/**
 * Whether a question failed alone: what the model said is of no use, or the endpoint does not take this one. Another may do
 * better; where none would, that is `model-denied`.
 */
export const isWorthlessAnswer = (error: unknown): boolean => isAsiError(error) && codes.includes(error.code);
