import { closeSync, openSync, readSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { messageOf, terminal } from '@asi/contracts';
import type { Reading } from '@asi/reading';
import type { CliContext } from '../commands/cli-context.ts';
import { isDiskFull } from '../stack/disk-full.ts';
import { stateFolder } from '../stack/state-folder.ts';
import { gatherReport } from './report-data.ts';
import { reportHtml } from './report-html.ts';

/**
 * Writes the report of a campaign and returns its path.
 * @param file where to; reports/<campaign>.html in the state folder when not given
 * @throws terminal `no-campaign`, `report-file`
 */
export async function writeReport(
  reading: Reading,
  campaignId: string,
  { env, clock }: Pick<CliContext, 'env' | 'clock'>,
  file?: string,
): Promise<string> {
  const data = await gatherReport(reading, campaignId, clock.now());
  if (!data) throw terminal('no-campaign', `there is no campaign ${campaignId}; asi status lists them`);
  const path = file === undefined ? join(stateFolder(env).reports, `${campaignId}.html`) : resolve(file);
  try {
    const there = statSync(path, { throwIfNoEntry: false });
    if (there?.isDirectory()) throw new Error('it is a folder');
    // To be read a device may have no end, and renamed over it is no device any more.
    if (there && !there.isFile()) throw new Error('it is no ordinary file');
    if (there && file !== undefined && !isReport(path)) throw new Error('it is there already, and no report');
    writeFileSync(`${path}.new`, reportHtml(data));
    renameSync(`${path}.new`, path);
  } catch (error) {
    rmSync(`${path}.new`, { force: true });
    if (isDiskFull(error)) throw error;
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const why = isMissing ? `there is no folder ${dirname(path)}` : messageOf(error);
    throw terminal('report-file', `${path} cannot be written (${why}); name a file that can: asi report report.html`);
  }
  return path;
}

/** An earlier report is replaced; anything else that is there is somebody's. */
const isReport = (path: string): boolean => {
  const text = beginningOf(path);
  return text === '' || (/^<!doctype html>/i.test(text) && text.includes('<title>Campaign '));
};

const enoughBytes = 4096;

function beginningOf(path: string): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(enoughBytes);
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, enoughBytes, 0));
  } finally {
    closeSync(file);
  }
}
