import { artifactBody, curvesOf, measurementOnRecord } from '@asi/agent-kit';
import type { Bus } from '@asi/bus';
import { type Curves, type Design, type Measurement, terminal } from '@asi/contracts';
import type { JudgeData } from '../mind.ts';

/** A command to judge what was designed. */
export type DesignToJudge = JudgeData & { readonly design: Design };

/** What the command does not hold: code, and how the training went. */
export type Material = {
  readonly program: string;
  readonly curves: Curves;
  /** Of its parent's run; null where the journal has none. */
  readonly parent: { readonly measurement: Measurement; readonly curves: Curves } | null;
};

export type JudgeBus = Pick<Bus, 'request' | 'journal'>;

export async function gather(bus: JudgeBus, { design, measurement, parent }: DesignToJudge): Promise<Material> {
  const parentRun = parent && (await measurementOnRecord(bus, parent));
  return {
    program: await artifactBody(bus, design.programHash, `the program of ${design.name}`),
    curves: await curvesOf(bus, measurement),
    parent: parentRun && { measurement: parentRun, curves: await curvesOf(bus, parentRun) },
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
