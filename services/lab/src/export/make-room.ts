import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { terminal } from '@asi/contracts';
import { makeFolder } from '../stack/make-folder.ts';

/** What an export writes into its folder; nothing else there is touched. */
const folders = ['programs', 'revisions', 'curves', 'artifacts'];
const parts = [
  ...folders,
  'experiments.jsonl',
  'messages.jsonl',
  'calls.jsonl',
  'artifacts.jsonl',
  'leaderboard.json',
  'reference.json',
  'confirmations.json',
  'campaign.json',
];

/** @throws terminal `export-folder` when the folder holds anything but an earlier export of the same campaign */
export function makeRoom(folder: string, campaignId: string): void {
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
