import { Command } from 'commander';
import { campaignHeading } from '../view/campaign-heading.ts';
import { paintFor } from '../view/paint.ts';
import { treeText } from '../view/tree-text.ts';
import { type CommandDefinition, otherCampaign, withExample } from './command-definition.ts';
import { exitCodes } from './exit-codes.ts';
import { isAtWork } from './is-at-work.ts';
import { campaignView, withReading, writeJson } from './with-reading.ts';

/** `asi tree`: which design came from which. */
export const treeCommand: CommandDefinition = (context) => ({
  command: withExample(
    new Command('tree')
      .description('which design came from which, with fitness')
      .option('--campaign <id>', `a ${otherCampaign}`)
      .option('--json', 'one JSON value (see docs/json.md)'),
    'asi tree',
  ),
  run: async ([options]) => {
    const { json, campaign } = options as { json?: boolean; campaign?: string };
    return withReading(context, async (reading, stack) => {
      const tree = campaignView(await reading.tree(campaign), campaign);
      if (json) writeJson(context, tree);
      else {
        const paint = paintFor(context.out.isTerminal, context.env);
        const shown = campaignView(await reading.campaign(tree.campaignId), campaign);
        const atWork = await isAtWork(reading, stack);
        const heading = campaignHeading(shown, await reading.campaigns(), paint, atWork);
        const lines = treeText(tree, paint, atWork);
        context.out.write(`${[heading, '', ...lines].join('\n')}\n`);
      }
      return exitCodes.good;
    });
  },
});
