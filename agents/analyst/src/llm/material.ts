import { artifactBody, curvesOf, measurementOnRecord } from '@asi/agent-kit';
import type { Bus } from '@asi/bus';
import { type Curves, type HistoryEntry, inOrderOfSampling, type Measurement, terminal } from '@asi/contracts';
import { createTwoFilesPatch } from 'diff';
import type { AnalyseData } from '../mind.ts';

export type Relative = {
  readonly relation: 'parent' | 'grandparent' | 'sibling';
  readonly entry: HistoryEntry;
  /**
   * Unified diff from its program to that of the design, of a baseline from the program that the grammar writes for it; null where
   * there is no program to compare with.
   */
  readonly difference: string | null;
};

/** What the command does not hold: code, differences in code, and how trainings went. */
export type Material = {
  readonly program: string;
  readonly curves: Curves;
  /** The parent first, then the grandparent, then siblings in the order of sampling. */
  readonly relatives: readonly Relative[];
  /** Null where the journal has no measurement of the parent. */
  readonly parentRun: { readonly measurement: Measurement; readonly curves: Curves } | null;
};

export type AnalystBus = Pick<Bus, 'request' | 'journal'>;

export async function gather(bus: AnalystBus, data: AnalyseData): Promise<Material> {
  const { design, measurement, parent, grandparent, siblings } = data;
  const program = await artifactBody(bus, design.programHash, `the program of ${data.experimentId}`);
  const relative = async (
    relation: Relative['relation'],
    entry: HistoryEntry,
    hash: string | null = entry.programHash,
  ): Promise<Relative> => ({
    relation,
    entry,
    difference: hash
      ? differenceInCode(
          { name: entry.experimentId, code: await artifactBody(bus, hash, `the program of ${entry.name}`) },
          { name: data.experimentId, code: program },
        )
      : null,
  });
  const measured = await measurementOnRecord(bus, parent);
  return {
    program,
    curves: await curvesOf(bus, measurement),
    relatives: await Promise.all([
      relative('parent', parent, parent.programHash ?? design.parentProgramHash ?? null),
      ...(grandparent ? [relative('grandparent', grandparent)] : []),
      ...[...siblings]
        .sort((a, b) => inOrderOfSampling(a.experimentId, b.experimentId))
        .map((one) => relative('sibling', one)),
    ]),
    parentRun: measured && { measurement: measured, curves: await curvesOf(bus, measured) },
  };
}

type Named = { readonly name: string; readonly code: string };

const differenceInCode = (from: Named, to: Named): string =>
  createTwoFilesPatch(from.name, to.name, from.code, to.code, undefined, undefined, { context: 3 });

/** By which name the analyst signs. */
export const authorOf = (data: AnalyseData, defaultModel: string | null): string =>
  `analyst/llm (${modelOf(data).model ?? defaultModel ?? 'unnamed'})`;

export function modelOf({ model }: AnalyseData) {
  if (!model)
    throw terminal(
      'model-missing',
      'the command names no model for the analyst: its campaign was begun by an earlier version; start another one',
    );
  return model;
}
