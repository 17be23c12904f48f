import type { Bus } from '@asi/bus';
import type { Design } from '@asi/contracts';
import { baselineProgram } from './grammar/baseline-program.ts';

/**
 * Keeps the program of a parent that is a baseline, so that the analyst can compare with what the designer was shown; nothing of
 * other parents, whose programs are kept already.
 */
export async function keepParentProgram(
  bus: Pick<Bus, 'request'>,
  parent: { readonly baseline: string | null },
): Promise<Pick<Design, 'parentProgramHash'>> {
  const body = baselineProgram(parent.baseline);
  if (body === undefined) return {};
  const { hash } = await bus.request('putArtifact', { body, mediaType: 'text/x-python' });
  return { parentProgramHash: hash };
}
