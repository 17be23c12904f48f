import { isOpenCampaign } from '@asi/contracts';
import { viewJson } from '@asi/reading';
import { Command } from 'commander';
import { externalServers } from '../stack/server-urls.ts';
import { readStack, stillRuns } from '../stack/stack-file.ts';
import { existingStateFolder } from '../stack/state-folder.ts';
import { showCampaign } from '../view/show-campaign.ts';
import { dashboardOf } from './attach-or-start.ts';
import type { CliContext } from './cli-context.ts';
import { type CommandDefinition, otherCampaign, withExample } from './command-definition.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { stackEnded } from './stack-ended.ts';
import { campaignView, withReading } from './with-reading.ts';

/** `asi watch`: the view of `asi run`, of a campaign that another process runs. */
export const watchCommand: CommandDefinition = (context) => ({
  command: withExample(
    new Command('watch')
      .description('watch the campaign that runs, until it ends or Ctrl-C; changes nothing')
      .option('--campaign <id>', `a ${otherCampaign}`)
      .option('--json', 'one JSON value a line: the messages worth reading (see docs/json.md)'),
    'asi watch',
  ),
  run: async ([options]) => {
    const { json, campaign: named } = options as { json?: boolean; campaign?: string };
    const folder = existingStateFolder(context.env);
    const external = externalServers(context.env) !== null;
    const stack = readStack(folder);
    if (!external && !stack) return sayHowItStands(context, named, json === true);
    return withReading(context, async (reading) => {
      const campaign = campaignView(await reading.campaign(named), named);
      const supervised = () => readStack(folder)?.processes ?? [];
      const end = await showCampaign(context, {
        reading,
        campaignId: campaign.id,
        afterSequence: await reading.bus.lastSequence(),
        supervised,
        dashboard: () => dashboardOf(supervised()),
        gone: () => stack !== null && !external && !stillRuns(folder, stack),
        hint: 'Ctrl-C leaves the view; the campaign goes on',
        json: json === true,
        waitWhilePaused: true,
      });
      if (end.why === 'gone') throw stackEnded(campaign.id);
      if (end.why === 'ended' && !json)
        context.out.write(
          `campaign ${campaign.id} is ${end.progress?.state}; asi leaderboard --campaign ${campaign.id} shows its results\n`,
        );
      return exitCodes.good;
    });
  },
});

/** Nothing moves while the stack is stopped: the answer is where the campaign stands. */
async function sayHowItStands(context: CliContext, named: string | undefined, json: boolean): Promise<ExitCode> {
  return withReading(context, async (reading) => {
    const progress = campaignView(await reading.progress(named), named);
    const { campaignId, candidates, state } = progress;
    if (json) context.out.write(`${viewJson({ stopped: { state, progress } })}\n`);
    const ended = !isOpenCampaign(progress);
    context.error.write(
      `asi: the stack is stopped; campaign ${campaignId} is ${ended ? state : 'unfinished'} with ${candidates.completed} of ${candidates.wanted} candidates: ${ended ? `asi leaderboard --campaign ${campaignId} shows its results` : 'asi run continues it'}\n`,
    );
    return exitCodes.good;
  });
}
