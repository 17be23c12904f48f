import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ExperimentView, type Reading, viewJson } from '@asi/reading';
import { writeTensorboardRun } from '../interchange/write-tensorboard.ts';
import { makeRoom } from './make-room.ts';
import { collectMentions } from './mentions.ts';
import { type WrittenArtifacts, writeArtifacts } from './write-artifacts.ts';

export type Exported = WrittenArtifacts & {
  readonly experiments: number;
  readonly programs: number;
  readonly messages: number;
  readonly calls: number;
  readonly runs: number;
};

export type ExportTarget = {
  readonly folder: string;
  /** Where runs for TensorBoard are written; null: nowhere. */
  readonly tensorboard: string | null;
  /** Hears how many artifacts are written, of how many: of a long campaign they take a while. */
  readonly tell: (written: number, of: number) => void;
};

/**
 * Writes a campaign as files. One after the other: its prompts and raw answers are larger than what fits into memory at once.
 * @throws terminal `export-folder`
 */
export async function exportCampaign(
  reading: Reading,
  campaignId: string,
  { folder, tensorboard, tell }: ExportTarget,
): Promise<Exported> {
  makeRoom(folder, campaignId);
  const writeView = (name: string, view: unknown) => writeFileSync(join(folder, name), `${viewJson(view, 2)}\n`);
  const lines = (name: string) => {
    writeFileSync(join(folder, name), '');
    let count = 0;
    return {
      add: (view: unknown) => {
        appendFileSync(join(folder, name), `${viewJson(view)}\n`);
        count++;
      },
      count: () => count,
    };
  };
  // First, so that an export that was broken off is known as one, and the next replaces it.
  writeView('campaign.json', await reading.campaign(campaignId));
  writeView('leaderboard.json', await reading.leaderboard(campaignId));
  writeView('reference.json', await reading.reference(campaignId));
  const [plans, results] = [await reading.confirmationPlans(campaignId), await reading.confirmations(campaignId)];
  writeView(
    'confirmations.json',
    (plans ?? []).map((plan, index) => ({ plan, result: results?.[index] ?? null })),
  );

  const mentions = collectMentions();
  const ids = (await reading.endedIds(campaignId)) ?? [];
  const [experiments, calls, messages] = [lines('experiments.jsonl'), lines('calls.jsonl'), lines('messages.jsonl')];
  let programs = 0;
  let runs = 0;
  for (const id of ids) {
    const view = await reading.experiment(id);
    if (!view) continue;
    experiments.add(view);
    mentions.see(id, view.record);
    if (await writeFilesOf(reading, view, folder)) programs++;
    for (const call of await reading.callsFor(id)) {
      const [prompt, answer] = [await contentOf(reading, call.promptHash), await contentOf(reading, call.answerHash)];
      calls.add({ ...call, prompt, answer });
      mentions.see(id, call);
    }
    const curves = tensorboard === null ? null : await reading.curves(id);
    if (tensorboard !== null && curves !== null) {
      writeTensorboardRun(tensorboard, { view, curves });
      runs++;
    }
  }
  const own = new Set(ids);
  for await (const line of reading.journal()) {
    if (line.campaignId !== campaignId && (line.experimentId === null || !own.has(line.experimentId))) continue;
    messages.add(line);
    mentions.see(line.experimentId, line.data);
  }
  const artifacts = await writeArtifacts(reading, mentions, folder, tell);
  return {
    experiments: experiments.count(),
    programs,
    messages: messages.count(),
    calls: calls.count(),
    runs,
    ...artifacts,
  };
}

/** The files that carry the name of the experiment. Returns whether there is a program among them. */
async function writeFilesOf(reading: Reading, { id, artifacts, record }: ExperimentView, folder: string) {
  const write = async (hash: string | null, ...path: string[]): Promise<boolean> => {
    const artifact = hash === null ? null : await reading.artifact(hash);
    if (artifact) writeFileSync(join(folder, ...path), artifact.body);
    return artifact !== null;
  };
  await write(artifacts.curves, 'curves', `${id}.json`);
  for (const [index, { diffHash }] of (record?.revisions ?? []).entries())
    await write(diffHash, 'revisions', `${id}-r${index + 1}.diff`);
  return write(artifacts.program, 'programs', `${id}.py`);
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
