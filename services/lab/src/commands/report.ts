import { Command } from 'commander';
import { writeReport } from '../report/write-report.ts';
import { type CommandDefinition, otherCampaign, withExample } from './command-definition.ts';
import { exitCodes } from './exit-codes.ts';
import { campaignView, withReading } from './with-reading.ts';

/** `asi report`: the HTML report of a campaign, written anew. */
export const reportCommand: CommandDefinition = (context) => ({
  command: withExample(
    new Command('report')
      .description('write the HTML report of a campaign and print its path')
      .argument('[file]', 'default: .asi/reports/<campaign>.html')
      .option('--campaign <id>', `a ${otherCampaign}`)
      .option('--json', 'one JSON value: {"campaignId", "path"}'),
    'asi report',
    'asi report results.html --campaign c001',
  ),
  run: async ([file, options]) => {
    const { json, campaign } = options as { json?: boolean; campaign?: string };
    return withReading(context, async (reading) => {
      const { id } = campaignView(await reading.campaign(campaign), campaign);
      const path = await writeReport(reading, id, context, file as string | undefined);
      context.out.write(json ? `${JSON.stringify({ campaignId: id, path })}\n` : `${path}\n`);
      return exitCodes.good;
    });
  },
});
