import { terminal } from '@asi/contracts';
import { openReading, type Reading, viewJson } from '@asi/reading';
import { externalServers } from '../stack/server-urls.ts';
import type { StackDescription } from '../stack/stack-file.ts';
import { withServers } from '../stack/with-servers.ts';
import type { CliContext } from './cli-context.ts';

/**
 * Opens the laboratory for looking, on a running stack or a stopped one, and closes it again. On a stopped one the
 * output waits until the state folder is free again: a reader of it that stands still (a pager) keeps nobody out.
 */
export async function withReading<Result>(
  context: CliContext,
  look: (reading: Reading, stack: StackDescription | null) => Promise<Result>,
): Promise<Result> {
  let release: (() => void) | null = null;
  try {
    return await withServers(
      async ({ natsUrl, mongodbUrl, stack }) => {
        if (!stack && externalServers(context.env) === null) release = context.out.hold();
        const source = `lab/asi-${process.pid}`;
        const reading = await openReading({ natsUrl, mongodbUrl, source, clock: context.clock });
        try {
          return await look(reading, stack);
        } finally {
          await reading.close();
        }
      },
      context.env,
      (line) => context.error.write(`asi: ${line}\n`),
    );
  } finally {
    (release as (() => void) | null)?.();
  }
}

/** The view of the named campaign, or of the newest. @throws terminal `no-campaign` */
export function campaignView<View>(view: View | null, campaignId: string | undefined): View {
  if (view !== null) return view;
  throw terminal(
    'no-campaign',
    campaignId === undefined
      ? 'there is no campaign yet; start one with asi run'
      : `there is no campaign ${campaignId}; asi status lists them`,
  );
}

/** Writes a view as one JSON value. */
export const writeJson = (context: CliContext, view: unknown): void => context.out.write(`${viewJson(view, 2)}\n`);
