import { Command } from 'commander';
import { readStack } from '../stack/stack-file.ts';
import { existingStateFolder } from '../stack/state-folder.ts';
import { paintFor } from '../view/paint.ts';
import { statusText, supervisedText } from '../view/status-text.ts';
import { type CommandDefinition, otherCampaign, withExample } from './command-definition.ts';
import { exitCodes } from './exit-codes.ts';
import { campaignView, withReading, writeJson } from './with-reading.ts';

/** `asi status`: whether the stack runs, what every process is doing, campaigns, dead letters. */
export const statusCommand: CommandDefinition = (context) => ({
  command: withExample(
    new Command('status')
      .description('whether the stack runs, what every process is doing, campaigns and dead letters')
      .option('--campaign <id>', `progress of a ${otherCampaign}`)
      .option('--json', 'one JSON value (see docs/json.md)'),
    'asi status',
    "asi status --json | jq '.processes[] | {role, state}'",
  ),
  run: async ([options]) => {
    const { json, campaign } = options as { json?: boolean; campaign?: string };
    const look = withReading(context, async (reading, stack) => {
      const [status, progress, costs, arms, campaigns] = await Promise.all([
        reading.status(),
        reading.progress(campaign),
        reading.costs(campaign),
        reading.arms(campaign),
        reading.campaigns(),
      ]);
      if (campaign !== undefined) campaignView(progress, campaign);
      const running = stack ?? readStack(existingStateFolder(context.env));
      const view = {
        stack: running
          ? {
              running: true,
              pid: running.pid,
              startedAt: running.startedAt,
              natsUrl: running.natsUrl,
              mongodbUrl: running.mongodbUrl,
              dashboard: running.processes.find(({ name }) => name === 'observatory')?.url ?? null,
              supervised: running.processes,
            }
          : null,
        ...status,
        campaigns: campaigns.map(({ settings: _settings, ...rest }) => rest),
        progress,
        costs,
        arms,
      };
      if (json) writeJson(context, view);
      else
        context.out.write(
          `${statusText({ ...view, asked: campaign !== undefined }, paintFor(context.out.isTerminal, context.env), context.clock.now()).join('\n')}\n`,
        );
      return exitCodes.good;
    });
    return look.catch((error: unknown) => {
      // Without the servers nobody can be asked; what lab knows of its processes tells what is wrong.
      const left = json ? null : readStack(existingStateFolder(context.env));
      if (left)
        context.out.write(
          `${supervisedText(left, paintFor(context.out.isTerminal, context.env), context.clock.now()).join('\n')}\n`,
        );
      throw error;
    });
  },
});
