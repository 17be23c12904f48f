import type { Isolation } from '@asi/runner-client';
import type { CliContext } from '../commands/cli-context.ts';

/** What one examination found. */
export type Finding = {
  readonly what: string;
  readonly verdict: 'good' | 'remark' | 'missing';
  readonly found: string;
  /** What to do; empty when nothing is to be done. */
  readonly advice: string;
  /** What the isolation rests on: each attack, and whether it was stopped by the sandbox alone. */
  readonly isolation?: Isolation;
};
export type Examination = (context: CliContext) => Promise<Finding>;
