import { artifactBody, curvesOf, measurementOnRecord } from '@asi/agent-kit';
import type { Bus } from '@asi/bus';
import { type Curves, type Design, type HistoryEntry, type Measurement, terminal } from '@asi/contracts';
import type { JudgeData } from '../mind.ts';

/** A command to judge what was designed. */
export type DesignToJudge = JudgeData & { readonly design: Design };

/** How an earlier training went. */
export type Run = { readonly measurement: Measurement; readonly curves: Curves };

/** What the command does not hold: code, and how the training went. */
export type Material = {
  readonly program: string;
  readonly curves: Curves;
  /** Of its parent; null where the journal has none. */
  readonly parent: Run | null;
  /** Of the baseline that is 5 by definition; null where the command names none. */
  readonly anchor: Run | null;
};

export type JudgeBus = Pick<Bus, 'request' | 'journal'>;

export async function gather(bus: JudgeBus, { design, measurement, parent, anchor }: DesignToJudge): Promise<Material> {
  const runOf = async (entry: HistoryEntry | null): Promise<Run | null> => {
    const earlier = entry && (await measurementOnRecord(bus, entry));
    return earlier && { measurement: earlier, curves: await curvesOf(bus, earlier) };
  };
  return {
    program: await artifactBody(bus, design.programHash, `the program of ${design.name}`),
    curves: await curvesOf(bus, measurement),
    parent: await runOf(parent),
    anchor: await runOf(anchor ?? null),
  };
}

export function isDesign(data: JudgeData): data is DesignToJudge {
  return data.design !== null;
}

/** By which name the judge signs. */
export const authorOf = (data: JudgeData, defaultModel: string | null): string =>
  `judge/llm (${modelOf(data).model ?? defaultModel ?? 'unnamed'})`;

export function modelOf({ model }: JudgeData) {
  if (!model)
    throw terminal(
      'model-missing',
      'the command names no model for the judge: its campaign was begun by an earlier version; start another one',
    );
  return model;
}
