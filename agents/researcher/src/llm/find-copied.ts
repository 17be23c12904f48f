import type { Bus } from '@asi/bus';
import { z } from 'zod';
import type { CompareWork } from '../machine.ts';
import type { KnownDesign } from './material.ts';

const certificateSchema = z.object({ programHash: z.string() });

export type Copied = { readonly from: KnownDesign; readonly why: string };

/**
 * The one of the shown designs whose program the draft is: by its text, or by the certificate's hash of the syntax tree, to
 * which names, comments and the order of definitions are nothing. Null: none.
 */
export async function findCopied(
  bus: Pick<Bus, 'request'>,
  shown: readonly KnownDesign[],
  { draft, certified }: Pick<CompareWork, 'draft' | 'certified'>,
): Promise<Copied | null> {
  const same = shown.find(({ code }) => code.trim() === draft.source.trim());
  if (same) return { from: same, why: 'its program is the one that was shown' };
  if (!certified.legal) return null;
  for (const from of shown)
    if ((await programHashOf(bus, from)) === certified.programHash)
      return { from, why: 'its program is one that was shown, but for names, comments or the order of definitions' };
  return null;
}

async function programHashOf(bus: Pick<Bus, 'request'>, { certificateHash }: KnownDesign): Promise<string | null> {
  if (certificateHash === null) return null;
  const { body } = await bus.request('getArtifact', { hash: certificateHash });
  return body === null ? null : (certificateSchema.safeParse(JSON.parse(body)).data?.programHash ?? null);
}
