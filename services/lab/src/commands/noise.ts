import { terminal } from '@asi/contracts';
import { Command } from 'commander';
import { noiseText } from '../view/noise-text.ts';
import { paintFor } from '../view/paint.ts';
import { type CommandDefinition, otherCampaign, withExample } from './command-definition.ts';
import { exitCodes } from './exit-codes.ts';
import { widthOfOutput } from './width-of-output.ts';
import { campaignView, withReading, writeJson } from './with-reading.ts';

type Options = { readonly json?: boolean; readonly campaign?: string };

/** `asi noise`: deviation between seeds of every number, and the differences that can be seen through it. */
export const noiseCommand: CommandDefinition = (context) => ({
  command: withExample(
    new Command('noise')
      .description('how much chance moves every number between seeds, and the smallest differences that can be seen')
      .option('--campaign <id>', `a ${otherCampaign}`)
      .option('--json', 'one JSON value (see docs/json.md)'),
    'asi noise',
    "asi noise --json | jq '.quantities[] | {name, deviation, oneAgainstOne}'",
  ),
  run: async ([options]) => {
    const { json, campaign } = options as Options;
    return withReading(context, async (reading) => {
      const shown = campaignView(await reading.campaign(campaign), campaign);
      const noise = await reading.noise(shown.id);
      if (!noise) {
        throw terminal(
          'no-reference',
          `the reference models of campaign ${shown.id} are not measured, so nothing is known of its noise yet; asi noise --campaign ID shows another one's`,
        );
      }
      if (json) writeJson(context, noise);
      else {
        const width = widthOfOutput(context.out);
        context.out.write(`${noiseText(noise, width, paintFor(context.out.isTerminal, context.env)).join('\n')}\n`);
      }
      return exitCodes.good;
    });
  },
});
