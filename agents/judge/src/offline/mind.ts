import type { JudgeMind } from '../mind.ts';
import { judge } from './judge.ts';

/** The mind that needs no language model: the rubric applied to what was measured. */
export const offlineMind: JudgeMind = { judge: async (data) => judge(data) };
