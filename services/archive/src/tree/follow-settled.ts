import { type FollowOptions, followJournal } from '@asi/agent-kit';
import { catalogue, filterFor } from '@asi/contracts';
import type { Settled } from './tree.ts';

const { kind, owner, name, data } = catalogue.settled;

/** Sees every settled experiment of the journal, as `followJournal` says. */
export function followSettled({
  see,
  ...options
}: Omit<FollowOptions, 'filters' | 'see'> & { readonly see: (settled: Settled) => void }): ReturnType<
  typeof followJournal
> {
  return followJournal({
    ...options,
    filters: [filterFor(kind, owner, name)],
    see: ({ sequence, envelope, problem }) => {
      const settled = data.safeParse(envelope?.data);
      if (settled.success) see(settled.data);
      else options.log.warn({ sequence, problem }, 'a settled message cannot be read');
    },
  });
}
