import type { DataOf } from '@asi/contracts';
import type { ComponentSums } from '@asi/statistics';
import type { Analysed, PaperHit } from './offline/analyse.ts';

export type AnalyseData = DataOf<'analyse'>;

/** Who thinks for the analyst; a campaign chooses by name. Every promise rejects with an AsiError. */
export type AnalystMind = {
  /** Looks the symptoms up in the literature. */
  consult(data: AnalyseData, signal: AbortSignal): Promise<readonly PaperHit[]>;
  think(
    work: { readonly data: AnalyseData; readonly statistics: ComponentSums; readonly hits: readonly PaperHit[] },
    signal: AbortSignal,
  ): Promise<Analysed>;
};
