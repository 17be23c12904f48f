import type { CliContext } from '../commands/cli-context.ts';

/** What one examination found. */
export type Finding = {
  readonly what: string;
  readonly verdict: 'good' | 'remark' | 'missing';
  readonly found: string;
  /** What to do; empty when nothing is to be done. */
  readonly advice: string;
};
export type Examination = (context: CliContext) => Promise<Finding>;
