import { Command } from 'commander';
import { campaignHeading } from '../view/campaign-heading.ts';
import { callsText, costText } from '../view/cost-text.ts';
import { paintFor } from '../view/paint.ts';
import { type CommandDefinition, otherCampaign, withExample } from './command-definition.ts';
import { exitCodes } from './exit-codes.ts';
import { isAtWork } from './is-at-work.ts';
import { noExperiment } from './no-experiment.ts';
import { widthOfOutput } from './width-of-output.ts';
import { campaignView, withReading, writeJson } from './with-reading.ts';

type Options = { readonly json?: boolean; readonly campaign?: string; readonly calls?: string };

/** `asi cost`: what language models took, by role, model and outcome, and how near the caps are. */
export const costCommand: CommandDefinition = (context) => ({
  command: withExample(
    new Command('cost')
      .description('what language models cost: by role, by model and by what became of it; caps and what is left')
      .option('--campaign <id>', `a ${otherCampaign}`)
      .option('--calls <id>', 'every call for this experiment, with the hashes of prompt and answer')
      .option('--json', 'one JSON value (see docs/json.md)'),
    'asi cost',
    'asi cost --calls c001-0007',
    "asi cost --json | jq '.outcomes[] | {outcome, reason, dollars: .sum.dollars}'",
  ),
  run: async ([options]) => {
    const { json, campaign, calls: experimentId } = options as Options;
    return withReading(context, async (reading, stack) => {
      const paint = paintFor(context.out.isTerminal, context.env);
      const write = (lines: readonly string[]) => context.out.write(`${lines.join('\n')}\n`);
      if (experimentId !== undefined) {
        const calls = await reading.callsFor(experimentId);
        if (calls.length === 0 && !(await reading.experiment(experimentId)))
          throw await noExperiment(reading, experimentId);
        if (json) writeJson(context, calls);
        else write(callsText(experimentId, calls, paint));
        return exitCodes.good;
      }
      const calls = campaignView(await reading.calls(campaign), campaign);
      if (json) {
        writeJson(context, calls);
        return exitCodes.good;
      }
      const width = widthOfOutput(context.out);
      const lines = costText(calls, width, paint);
      const shown = campaignView(await reading.campaign(calls.campaignId), campaign);
      write(
        lines.length === 1
          ? lines
          : [campaignHeading(shown, await reading.campaigns(), paint, await isAtWork(reading, stack)), '', ...lines],
      );
      return exitCodes.good;
    });
  },
});
