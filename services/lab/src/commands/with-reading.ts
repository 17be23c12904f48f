import { terminal } from '@asi/contracts';
import { openReading, type Reading, viewJson } from '@asi/reading';
import type { StackDescription } from '../stack/stack-file.ts';
import { withServers } from '../stack/with-servers.ts';
import type { CliContext } from './cli-context.ts';

/** Opens the laboratory for looking, on a running stack or a stopped one, and closes it again. */
export const withReading = <Result>(
  context: CliContext,
  look: (reading: Reading, stack: StackDescription | null) => Promise<Result>,
): Promise<Result> =>
  withServers(
    async ({ natsUrl, mongodbUrl, stack }) => {
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

/** The view of the named campaign, or of the open or newest one. @throws terminal `no-campaign` */
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
