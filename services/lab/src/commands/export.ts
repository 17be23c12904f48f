import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { terminal } from '@asi/contracts';
import { type Reading, viewJson } from '@asi/reading';
import { Command } from 'commander';
import { stateFolder } from '../stack/state-folder.ts';
import { type CommandDefinition, withExample } from './command-definition.ts';
import { exitCodes } from './exit-codes.ts';
import { campaignView, withReading } from './with-reading.ts';

/** `asi export`: a campaign as files for other programs. */
export const exportCommand: CommandDefinition = (context) => ({
  command: withExample(
    new Command('export')
      .description(
        'write a campaign into a folder: experiments and messages as JSON lines, programs and curves as files',
      )
      .argument('[folder]', 'default: .asi/reports/<campaign>')
      .option('--campaign <id>', 'a campaign other than the newest')
      .option('--json', 'one JSON value: what was written'),
    'asi export results',
  ),
  run: async ([folder, options]) => {
    const { json, campaign } = options as { json?: boolean; campaign?: string };
    return withReading(context, async (reading) => {
      const { id } = campaignView(await reading.campaign(campaign), campaign);
      const target = resolve((folder as string | undefined) ?? join(stateFolder(context.env).reports, id));
      const written = await exportCampaign(reading, id, target);
      context.out.write(
        json
          ? `${JSON.stringify({ campaignId: id, folder: target, ...written })}\n`
          : `${written.experiments} experiments, ${written.programs} programs and ${written.messages} messages are in ${target}\n`,
      );
      return exitCodes.good;
    });
  },
});

type Written = { readonly experiments: number; readonly programs: number; readonly messages: number };

async function exportCampaign(reading: Reading, campaignId: string, folder: string): Promise<Written> {
  try {
    for (const name of ['programs', 'curves']) mkdirSync(join(folder, name), { recursive: true });
  } catch (error) {
    throw terminal('export-folder', `${folder} cannot be made: ${String(error)}; give a folder that can be written`);
  }
  const board = await reading.leaderboard(campaignId);
  const failures = (await reading.failures(campaignId)) ?? [];
  const ids = [...(board?.rows.flatMap(({ runs }) => runs) ?? []), ...failures.map(({ id }) => id)].sort();
  const records: string[] = [];
  let programs = 0;
  for (const id of ids) {
    const view = await reading.experiment(id);
    if (!view) continue;
    records.push(viewJson(view));
    for (const [kind, hash, file] of [
      ['programs', view.artifacts.program, `${id}.py`],
      ['curves', view.artifacts.curves, `${id}.json`],
    ] as const) {
      const artifact = hash === null ? null : await reading.artifact(hash);
      if (!artifact) continue;
      writeFileSync(join(folder, kind, file), artifact.body);
      if (kind === 'programs') programs++;
    }
  }
  const own = new Set(ids);
  const messages: string[] = [];
  for await (const line of reading.journal()) {
    if (line.campaignId === campaignId || (line.experimentId !== null && own.has(line.experimentId)))
      messages.push(viewJson(line));
  }
  const asLines = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');
  writeFileSync(join(folder, 'experiments.jsonl'), asLines(records));
  writeFileSync(join(folder, 'messages.jsonl'), asLines(messages));
  writeFileSync(join(folder, 'campaign.json'), `${viewJson(await reading.campaign(campaignId), 2)}\n`);
  writeFileSync(join(folder, 'leaderboard.json'), `${viewJson(board, 2)}\n`);
  return { experiments: records.length, programs, messages: messages.length };
}
