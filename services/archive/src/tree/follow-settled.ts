import { type FollowOptions, followJournal } from '@asi/agent-kit';
import { campaignNumberOf, catalogue, filterFor } from '@asi/contracts';
import type { Tree } from './tree.ts';

const { settled, campaignStarted } = catalogue;

/** Tells the tree of every settled experiment of the journal, and between them of the campaigns that begin, as `followJournal` says. */
export function followSettled({
  tree,
  ...options
}: Omit<FollowOptions, 'filters' | 'see'> & { readonly tree: Pick<Tree, 'add' | 'begin'> }): ReturnType<
  typeof followJournal
> {
  return followJournal({
    ...options,
    filters: [settled, campaignStarted].map(({ kind, owner, name }) => filterFor(kind, owner, name)),
    see: ({ sequence, envelope, problem }) => {
      const begun = campaignStarted.data.pick({ campaignId: true }).safeParse(envelope?.data);
      if (envelope?.type === campaignStarted.type && begun.success) {
        tree.begin(campaignNumberOf(begun.data.campaignId));
        return;
      }
      const told = settled.data.safeParse(envelope?.data);
      if (told.success) tree.add(told.data);
      else options.log.warn({ sequence, problem }, 'a message of the tree cannot be read');
    },
  });
}
