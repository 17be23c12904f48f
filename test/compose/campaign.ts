import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { progressSchema } from '@asi/reading';
import { z } from 'zod';
import { run, say } from './command.ts';
import type { Compose } from './compose.ts';
import type { Engine } from './engine.ts';

const resultSchema = z.object({ result: z.object({ progress: progressSchema, report: z.string() }) });
const campaignFile = join(import.meta.dirname, 'campaign.yaml');

const trainingSeconds = 180;

export type CampaignResult = z.infer<typeof resultSchema>['result'];

/** Runs the campaign of campaign.yaml with `asi run`; `disturb` is called while it runs. */
export async function runCampaign(compose: Compose, disturb: () => Promise<void>): Promise<CampaignResult> {
  const mount = ['--volume', `${campaignFile}:/campaign.yaml:ro`];
  const command = ['run', '--rm', '-T', ...mount, 'asi', 'run', '--campaign', '/campaign.yaml', '--json'];
  const [output] = await Promise.all([compose.run(command, { limitSeconds: 1200 }), disturb()]);
  const [last = ''] = output.trim().split('\n').slice(-1);
  return resultSchema.parse(JSON.parse(last)).result;
}

/** Waits, by the published dashboard, until a training is under way, so that a crash has something to interrupt. */
export async function untilTraining(dashboardPort: number): Promise<void> {
  const read = async (path: string): Promise<unknown> =>
    (await fetch(`http://127.0.0.1:${dashboardPort}/api/campaigns${path}`)).json();
  for (let waited = 0; waited < trainingSeconds * 2; waited++) {
    const [campaign] = z.array(z.object({ id: z.string() })).parse(await read(''));
    const progress = campaign && progressSchema.parse(await read(`/${campaign.id}/progress`));
    if (progress?.state === 'finished') throw new Error('the campaign ended before all crashes had happened');
    if (progress?.inFlight.some(({ state }) => state === 'training.running')) return;
    await sleep(500);
  }
  throw new Error(`nothing was trained within ${trainingSeconds} s`);
}

/** Kills every process of a service's container at once, and waits until the engine has started it again. */
export async function crash(engine: Engine, compose: Compose, service: string): Promise<void> {
  const container = (await compose.run(['ps', '--quiet', service])).trim();
  const format = ['--format', '{{.RestartCount}} {{.State.Running}}'];
  say(`killing ${service}`);
  // `docker kill` would count as a person's wish, and nothing would be started again. The signal reaches all but the
  // first process and the sender; with its child gone the first one ends as well.
  await compose.try(['exec', '-T', service, 'sh', '-c', 'kill -9 -1']);
  for (let waited = 0; waited < 60; waited++) {
    const [restarts, running] = (await run(['docker', 'inspect', ...format, container], { env: engine.env }))
      .trim()
      .split(' ');
    if (Number(restarts) > 0 && running === 'true') return;
    await sleep(1000);
  }
  throw new Error(`${service} was not started again after its crash`);
}
