import type { Design, Program, Revision } from './experiment.ts';

export type Revised = { readonly program: Program; readonly design: Design | null; readonly revisions: Revision[] };

/**
 * What an experiment is once the engineer has changed its program: program and design are what was measured, so that
 * children, confirmations and the leaderboard build on that. The genome stays: it tells what the design descends from.
 */
export function asRevised({ design }: { readonly design: Design | null }, revisions: Revision[]): Partial<Revised> {
  const last = revisions.at(-1);
  if (!last) return {};
  const { programHash, certificateHash, parameters, flopsPerToken, flags } = last;
  return {
    revisions,
    program: { kind: 'source', hash: programHash, origin: 'foreign' },
    design: design && {
      ...withoutFlags(design),
      ...{ programHash, certificateHash, parameters, flopsPerToken },
      ...(flags === undefined ? {} : { flags }),
    },
  };
}

/** Of the program that is not measured any more. */
const withoutFlags = ({ flags: _, ...design }: Design): Design => design;
