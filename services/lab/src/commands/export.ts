import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { terminal } from '@asi/contracts';
import { type Reading, viewJson } from '@asi/reading';
import { Command } from 'commander';
import { writeTensorboardRun } from '../interchange/write-tensorboard.ts';
import { makeFolder } from '../stack/make-folder.ts';
import { stateFolder } from '../stack/state-folder.ts';
import { type CommandDefinition, otherCampaign, withExample } from './command-definition.ts';
import { exitCodes } from './exit-codes.ts';
import { campaignView, withReading } from './with-reading.ts';

/** `asi export`: a campaign as files for other programs. */
export const exportCommand: CommandDefinition = (context) => ({
  command: withExample(
    new Command('export')
      .description(
        'write a campaign into a folder: experiments, messages and what language models were asked and answered as JSON lines, programs, their revisions and curves as files; an earlier export of the same campaign is replaced',
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
      const { runs, ...written } = await exportCampaign(reading, id, target, events);
      context.out.write(
        json
          ? `${JSON.stringify({ campaignId: id, folder: target, ...written, ...(events === null ? {} : { tensorboard: events, runs }) })}\n`
          : `${written.experiments} experiments, ${written.programs} programs, ${written.messages} messages and ${written.calls} calls of language models are in ${target}\n${
              events === null ? '' : `the curves of ${runs} runs are in ${events}: tensorboard --logdir ${events}\n`
            }`,
      );
      return exitCodes.good;
    });
  },
});

type Written = {
  readonly experiments: number;
  readonly programs: number;
  readonly messages: number;
  readonly calls: number;
  readonly runs: number;
};

/** What an export writes into its folder; nothing else there is touched. */
const folders = ['programs', 'revisions', 'curves'];
const parts = [...folders, 'experiments.jsonl', 'messages.jsonl', 'calls.jsonl', 'leaderboard.json', 'campaign.json'];

/** @throws terminal `export-folder` when the folder holds anything but an earlier export of the same campaign */
function makeRoom(folder: string, campaignId: string): void {
  if (existsSync(folder) && !statSync(folder).isDirectory())
    throw terminal('export-folder', `${folder} is no folder; give a folder that can be written`);
  if (existsSync(folder) && readdirSync(folder).some((name) => parts.includes(name))) {
    const held = exportedCampaign(folder);
    if (held !== campaignId) {
      const what = held === null ? 'files that an export would write over' : `an export of campaign ${held}`;
      throw terminal('export-folder', `${folder} holds ${what}; give another folder, or empty this one`);
    }
    for (const part of parts) rmSync(join(folder, part), { recursive: true, force: true });
  }
  try {
    for (const name of folders) makeFolder(join(folder, name));
  } catch (error) {
    throw terminal('export-folder', `${folder} cannot be made: ${String(error)}; give a folder that can be written`);
  }
}

/** The campaign whose export a folder holds, or null. */
function exportedCampaign(folder: string): string | null {
  try {
    const { id }: { id?: unknown } = JSON.parse(readFileSync(join(folder, 'campaign.json'), 'utf8'));
    return typeof id === 'string' ? id : null;
  } catch {
    return null;
  }
}

async function exportCampaign(
  reading: Reading,
  campaignId: string,
  folder: string,
  tensorboard: string | null,
): Promise<Written> {
  makeRoom(folder, campaignId);
  const board = await reading.leaderboard(campaignId);
  const ids = (await reading.endedIds(campaignId)) ?? [];
  const records: string[] = [];
  const callsFile = join(folder, 'calls.jsonl');
  writeFileSync(callsFile, '');
  let calls = 0;
  let programs = 0;
  let runs = 0;
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
    for (const [index, { diffHash }] of (view.record?.revisions ?? []).entries()) {
      const diff = await reading.artifact(diffHash);
      if (diff) writeFileSync(join(folder, 'revisions', `${id}-r${index + 1}.diff`), diff.body);
    }
    // One after the other: the prompts of a long campaign are larger than what fits into memory at once.
    for (const call of await reading.callsFor(id)) {
      const [prompt, answer] = [await contentOf(reading, call.promptHash), await contentOf(reading, call.answerHash)];
      appendFileSync(callsFile, `${viewJson({ ...call, prompt, answer })}\n`);
      calls++;
    }
    const curves = tensorboard === null ? null : await reading.curves(id);
    if (tensorboard !== null && curves !== null) {
      writeTensorboardRun(tensorboard, { view, curves });
      runs++;
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
  return { experiments: records.length, programs, messages: messages.length, calls, runs };
}

/** What an artifact of the ledger holds; null where there is none, text where it is no JSON. */
async function contentOf(reading: Reading, hash: string | null): Promise<unknown> {
  const artifact = hash === null ? null : await reading.artifact(hash);
  try {
    return artifact && JSON.parse(artifact.body);
  } catch {
    return artifact?.body;
  }
}
