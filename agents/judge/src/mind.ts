import type { DataOf, Judgement } from '@asi/contracts';

export type JudgeData = DataOf<'judge'>;

/** Who thinks for the judge; a campaign chooses by name. The promise rejects with an AsiError. */
export type JudgeMind = { judge(data: JudgeData, signal: AbortSignal): Promise<Judgement> };
