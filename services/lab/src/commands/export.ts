import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { exportCampaign } from '../export/export-campaign.ts';
import { stateFolder } from '../stack/state-folder.ts';
import { type CommandDefinition, otherCampaign, withExample } from './command-definition.ts';
import { exitCodes } from './exit-codes.ts';
import { campaignView, withReading } from './with-reading.ts';

/** On the way a long export says how far it is, every so many artifacts. */
const artifactsPerNotice = 1000;

/** `asi export`: a campaign as files for other programs. */
export const exportCommand: CommandDefinition = (context) => ({
  command: withExample(
    new Command('export')
      .description(
        'write a campaign into a folder: experiments, messages and what language models were asked and answered as JSON lines, the reference, the confirmations, and every artifact that one of them names by hash (programs, raw answers, certificates, evidence, prompts) as files (docs/export.md); an earlier export of the same campaign is replaced',
      )
      .argument('[folder]', 'default: .asi/reports/<campaign>')
      .option('--campaign <id>', `a ${otherCampaign}`)
      .option('--tensorboard <dir>', 'write curves and scores as TensorBoard event files there, too')
      .option('--json', 'one JSON value: what was written'),
    'asi export results',
    'asi export --tensorboard runs',
  ),
  run: async ([folder, options]) => {
    const { json, campaign, tensorboard } = options as { json?: boolean; campaign?: string; tensorboard?: string };
    return withReading(context, async (reading) => {
      const { id } = campaignView(await reading.campaign(campaign), campaign);
      const target = resolve((folder as string | undefined) ?? join(stateFolder(context.env).reports, id));
      const events = tensorboard === undefined ? null : resolve(tensorboard);
      const { runs, ...written } = await exportCampaign(reading, id, {
        folder: target,
        tensorboard: events,
        tell: (count, of) => {
          if (count % artifactsPerNotice === 0) context.error.write(`asi: ${count} of ${of} artifacts\n`);
        },
      });
      const { experiments, programs, messages, calls, artifacts, bytes, absentArtifacts } = written;
      const absent =
        absentArtifacts === 0
          ? ''
          : `; ${absentArtifacts} more are named and absent: artifacts.jsonl says which and why`;
      context.out.write(
        json
          ? `${JSON.stringify({ campaignId: id, folder: target, ...written, ...(events === null ? {} : { tensorboard: events, runs }) })}\n`
          : [
              `${experiments} experiments, ${programs} programs, ${messages} messages and ${calls} calls of language models are in ${target}`,
              ...(events === null
                ? []
                : [`the curves of ${runs} runs are in ${events}: tensorboard --logdir ${events}`]),
              `${artifacts} artifacts that they name, ${bytes} bytes, are in ${join(target, 'artifacts')}${absent}\n`,
            ].join('\n'),
      );
      return exitCodes.good;
    });
  },
});
