import { Command } from 'commander';
import { armsText } from '../view/arms-text.ts';
import { campaignHeading } from '../view/campaign-heading.ts';
import { failuresText, leaderboardText } from '../view/leaderboard-text.ts';
import { paintFor } from '../view/paint.ts';
import { type CommandDefinition, otherCampaign, withExample } from './command-definition.ts';
import { exitCodes } from './exit-codes.ts';
import { isAtWork } from './is-at-work.ts';
import { widthOfOutput } from './width-of-output.ts';
import { campaignView, withReading, writeJson } from './with-reading.ts';

type Options = { readonly json?: boolean; readonly campaign?: string; readonly failures?: boolean };

/** `asi leaderboard`: candidates and baselines by fitness, with the noise of each number. */
export const leaderboardCommand: CommandDefinition = (context) => ({
  command: withExample(
    new Command('leaderboard')
      .description(
        'candidates and baselines by fitness, with the noise of each number; how the arms compare; and what failed, with reasons',
      )
      .option('--campaign <id>', `a ${otherCampaign}`)
      .option('--failures', 'only what gave no result')
      .option('--json', 'one JSON value (see docs/json.md)'),
    'asi leaderboard',
    "asi leaderboard --json | jq '.rows[0].name'",
  ),
  run: async ([options]) => {
    const { json, campaign, failures: onlyFailures } = options as Options;
    return withReading(context, async (reading, stack) => {
      const board = campaignView(await reading.leaderboard(campaign), campaign);
      const failures = campaignView(await reading.failures(campaign), campaign);
      const arms = await reading.arms(board.campaignId);
      if (json) {
        writeJson(context, onlyFailures ? failures : { ...board, failures, arms });
        return exitCodes.good;
      }
      const progress = campaignView(await reading.progress(board.campaignId), campaign);
      const paint = paintFor(context.out.isTerminal, context.env);
      const width = widthOfOutput(context.out);
      const shown = campaignView(await reading.campaign(board.campaignId), campaign);
      const lines = [
        campaignHeading(shown, await reading.campaigns(), paint, await isAtWork(reading, stack)),
        '',
        ...(onlyFailures ? [] : [...leaderboardText(board, progress, width, paint), '']),
        ...(onlyFailures || arms === null ? [] : [...armsText(arms, width, paint), '']),
        ...(onlyFailures && failures.length === 0
          ? ['nothing has failed: every experiment that has ended gave a result']
          : failuresText(failures, width, paint)),
      ];
      context.out.write(`${lines.join('\n')}\n`);
      return exitCodes.good;
    });
  },
});
