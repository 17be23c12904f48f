import type { Mind } from '@asi/contracts';

/** Who thinks for a role, by the name a campaign gives; a mind is made by the first command that wants it. */
export type Minds<M, Names extends Mind = Mind> = Readonly<Record<Names, () => Promise<M>>>;

/**
 * Makes what it is asked for once, at the first asking. For minds that ask language models: their libraries cost a process
 * 100 MB and 1.7 CPU-seconds, which a house without a model does not pay. What could not be made is tried again at the next asking.
 */
export function onceAsked<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = null;
      throw error;
    });
    return made;
  };
}
