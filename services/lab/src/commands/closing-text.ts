import type { Reading } from '@asi/reading';
import { failuresText, leaderboardText } from '../view/leaderboard-text.ts';
import { paintFor } from '../view/paint.ts';
import type { ShownEnd } from '../view/show-campaign.ts';
import { printable } from '../view/text-width.ts';
import { wayOn } from '../view/way-on.ts';
import { wrap, wrapLines } from '../view/wrap.ts';
import type { CliContext } from './cli-context.ts';
import { widthOfOutput } from './width-of-output.ts';

type Closing = {
  readonly reading: Pick<Reading, 'leaderboard' | 'failures'>;
  readonly campaignId: string;
  readonly end: Pick<ShownEnd, 'progress'>;
  /** The path of the report. */
  readonly report: string;
};

/** What `asi run` leaves on the screen when its campaign is over: leaderboard, report, and what can be done next. */
export async function closingText(
  context: CliContext,
  { reading, campaignId, end, report }: Closing,
): Promise<string[]> {
  const paint = paintFor(context.out.isTerminal, context.env);
  const width = widthOfOutput(context.out);
  const [board, failures] = await Promise.all([reading.leaderboard(campaignId), reading.failures(campaignId)]);
  const failed = failuresText(failures ?? [], width, paint);
  const first = board?.rows.find(({ kind }) => kind === 'candidate')?.id;
  const state = `${end.progress?.state ?? 'over'}${end.progress?.note ? `: ${printable(end.progress.note)}` : ''}`;
  const closer = `${first ? `asi show ${first}, ` : 'asi leaderboard --failures, '}asi tree, asi up (dashboard)`;
  return [
    '',
    ...wrap(`campaign ${campaignId} is ${state}`, width).map(paint.bold),
    '',
    ...wrapLines(
      [
        ...(board && end.progress ? leaderboardText(board, end.progress, width, paint) : []),
        ...(failed.length > 0 ? ['', ...failed] : []),
      ],
      width,
    ),
    '',
    ...wrap(report, width, 'report      '),
    ...wrap(closer, width, 'look closer '),
    ...wrap(wayOn(campaignId, end.progress), width, 'go on       '),
    ...wrap('asi is: npm run -s asi --', width, '            ').map(paint.dim),
  ];
}
