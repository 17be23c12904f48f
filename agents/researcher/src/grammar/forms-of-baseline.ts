import type { Program } from '@asi/runner-client';
import { baselineProgram } from './baseline-program.ts';

/**
 * Baselines that the grammar lays out in other parameters than the trainer's own code: by its fingerprint the one is not the
 * other (a test compares them).
 */
export const laidOutOtherwise: readonly string[] = ['mamba2'];

/** The programs whose copies and rewrites are copies of a baseline: the trainer's own, and what designers are shown, where that is told apart. */
export function formsOfBaseline(name: string): readonly Program[] {
  const shown = laidOutOtherwise.includes(name) ? baselineProgram(name) : undefined;
  return [{ origin: 'builtin', builtin: name }, ...(shown ? [{ origin: 'grammar' as const, source: shown }] : [])];
}
