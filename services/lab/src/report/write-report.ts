import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { terminal } from '@asi/contracts';
import type { Reading } from '@asi/reading';
import type { CliContext } from '../commands/cli-context.ts';
import { stateFolder } from '../stack/state-folder.ts';
import { gatherReport } from './report-data.ts';
import { reportHtml } from './report-html.ts';

/** Writes the report of a campaign to reports/<campaign>.html in the state folder and returns its path. */
export async function writeReport(
  reading: Reading,
  campaignId: string,
  { env, clock }: Pick<CliContext, 'env' | 'clock'>,
): Promise<string> {
  const data = await gatherReport(reading, campaignId, clock.now());
  if (!data) throw terminal('no-campaign', `there is no campaign ${campaignId}; asi status lists them`);
  const path = join(stateFolder(env).reports, `${campaignId}.html`);
  writeFileSync(`${path}.new`, reportHtml(data));
  renameSync(`${path}.new`, path);
  return path;
}
