import type { CompareWork, DesignCommand, Draft, DraftWork, Novelty, Recalled } from './machine.ts';

/** Who thinks for the researcher; a campaign chooses by name. Every promise rejects with an AsiError. */
export type ResearcherMind = {
  /** Gathers what it designs from; passed on to every draft as it is. */
  recall(command: DesignCommand, signal: AbortSignal): Promise<Recalled>;
  /** A first draft, or the next one in the knowledge of why the last one was thrown away. */
  draft(work: DraftWork, signal: AbortSignal): Promise<Draft>;
  /**
   * Says whether the idea of a legal draft, which behaves like no earlier design, repeats an earlier one all the same.
   * `nearest` is the design that behaves most alike. Null: behaviour alone decides.
   */
  readonly judgeNovelty:
    | ((work: CompareWork & { readonly nearest: Novelty['nearest'] }, signal: AbortSignal) => Promise<Novelty>)
    | null;
};
