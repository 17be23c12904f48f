import { isAsiError } from '@asi/contracts';

const codes = ['model-refused', 'model-truncated', 'model-answer-invalid'];

/** Whether a question failed by its answer alone: the model said something, and it is of no use. Asked otherwise it may do better. */
export const isWorthlessAnswer = (error: unknown): boolean => isAsiError(error) && codes.includes(error.code);
