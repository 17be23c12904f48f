import { readdirSync } from 'node:fs';
import type { CampaignSummary, Reading } from '@asi/reading';
import { externalStack } from '../stack/external-stack.ts';
import { requireServers } from '../stack/require-servers.ts';
import { externalServers } from '../stack/server-urls.ts';
import { readStack } from '../stack/stack-file.ts';
import { environmentOfStack, startedOtherwise } from '../stack/stack-variables.ts';
import { stateFolder } from '../stack/state-folder.ts';
import { type CampaignOptions, settingsFrom } from './campaign-options.ts';
import { openCampaign } from './change-campaign.ts';
import type { CliContext } from './cli-context.ts';
import { refuseConflict } from './open-campaign.ts';
import { refuseWithoutModels } from './refuse-without-models.ts';
import { withReading } from './with-reading.ts';

const nothingStarted = 'nothing was started';

/**
 * Finds what makes a campaign impossible before any process is started.
 * @param fresh an unfinished campaign is going to be cancelled, so that its settings do not matter
 * @returns the campaign that is unfinished at this moment and is to be continued, if any
 * @throws terminal `usage` when the unfinished campaign has other settings than those that were asked for, or would go on with a cap that is passed already; terminal
 * `model-settings` when a role is to think with a language model that is not named, or whose key is not there
 */
export async function refuseBeforeStart(
  context: CliContext,
  options: CampaignOptions,
  fresh: boolean,
): Promise<CampaignSummary | null> {
  const { env } = context;
  const unfinished =
    fresh || hasNoRecord(env) ? null : await withReading(context, (reading) => refuseConflict(reading, options));
  // Somebody else's processes have an environment that we do not see.
  const settings = externalStack(env) ? null : (unfinished?.settings ?? settingsFrom(options));
  if (!settings) return unfinished;
  const running = readStack(stateFolder(env));
  if (running) refuseWithoutModels(settings, environmentOfStack(running), startedOtherwise);
  else refuseWithoutModels(settings, env, nothingStarted);
  return unfinished;
}

/**
 * For commands that start the processes, with which a running campaign goes on, whatever they are started for.
 * @throws terminal `model-settings` when it has a role that cannot think with this environment
 */
export async function refuseToGoOn(context: CliContext): Promise<void> {
  const { env } = context;
  if (externalStack(env) || hasNoRecord(env) || readStack(stateFolder(env))) return;
  const servers = externalServers(env);
  if (servers) await requireServers(servers);
  await withReading(context, (reading) => refuseRunning(reading, env));
}

/** The same for who reads the record already. */
export async function refuseRunning(reading: Reading, env: NodeJS.ProcessEnv): Promise<void> {
  const open = await openCampaign(reading);
  if (open?.state !== 'running') return;
  refuseWithoutModels(open.settings, env, `${nothingStarted}, for campaign ${open.id} would go on`);
}

const hasNoRecord = (env: NodeJS.ProcessEnv): boolean =>
  externalServers(env) === null && readdirSync(stateFolder(env).data).length === 0;
