import { readFileSync } from 'node:fs';
import { type CampaignSettings, terminal } from '@asi/contracts';
import { parseCampaignFile } from './parse-campaign-file.ts';

/**
 * Reads a campaign file from disk.
 * @throws terminal `campaign-file` when it cannot be read or is not valid, with one line for each problem
 */
export function readCampaignFile(path: string): CampaignSettings {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'this is a folder' : String(error);
    throw terminal('campaign-file', `${path}: ${why}; give the path of a campaign file (see docs/campaign-file.md)`);
  }
  return parseCampaignFile(text, path);
}
