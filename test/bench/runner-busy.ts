/**
 * In which share of the time of its training slots does the runner work?
 *
 * Run: `node test/bench/runner-busy.ts [--candidates 50] [--suite cpu-quick] [--slots N]`. Runs a campaign with real
 * trainings and reads the runner's own job times: from the start of the first training to the end of the last one, a slot
 * is either occupied by a job's process (starting up, then working) or idle. Exits 1 below the goal: occupied 97 % of the time.
 * With `--home .asi --only c001` it runs nothing, and reads what the ledger of a state folder says of that campaign.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readJobFolder } from '../../gpu-runner/src/ledger/read-job-folder.ts';
import { startAsi } from '../support/asi-command.ts';
import { readOptions } from './support/read-options.ts';

const goal = 0.97;

const values = readOptions(import.meta.url, {
  candidates: { type: 'string', default: '50' },
  suite: { type: 'string', default: 'cpu-quick' },
  slots: { type: 'string' },
  home: { type: 'string' },
  only: { type: 'string', default: 'c' },
});
const home = values.home ?? (await runCampaign());

type Job = { readonly slot: number; readonly started: number; readonly working: number; readonly finished: number };
const jobs = trainings(join(home, 'runners/gpu-runner/jobs'));
const first = Math.min(...jobs.map(({ started }) => started));
const last = Math.max(...jobs.map(({ finished }) => finished));
const slots = new Set(jobs.map(({ slot }) => slot)).size;
const slotTime = slots * (last - first);
const sum = (part: (job: Job) => number) => jobs.reduce((total, job) => total + part(job), 0) / slotTime;
const startingUp = sum(({ started, working }) => working - started);
const working = sum(({ working: from, finished }) => finished - from);
const occupied = startingUp + working;
const percent = (fraction: number) => `${(100 * fraction).toFixed(1)} %`;
process.stdout.write(
  `${[
    `${jobs.length} trainings in ${slots} slots, ${((last - first) / 1000).toFixed(0)} s`,
    `slots occupied      ${percent(occupied)} (goal ${percent(goal)})`,
    `  of it working     ${percent(working)}`,
    `  of it starting up ${percent(startingUp)} (process, imports)`,
    `slots idle          ${percent(1 - occupied)}`,
    `working, of the time that is not start-up: ${percent(working / (1 - startingUp))}`,
  ].join('\n')}\n`,
);
if (!values.home) rmSync(home, { recursive: true, force: true });
process.exitCode = occupied >= goal ? 0 : 1;

/** Times of all training jobs that the ledger knows, in milliseconds. */
function trainings(folder: string): Job[] {
  return readdirSync(folder).flatMap((name) => {
    if (!name.startsWith(values.only)) return [];
    const record = readJobFolder(join(folder, name));
    const { started, working, finished } = record?.times ?? {};
    if (record?.kind !== 'train' || record.slot === null || !started || !finished) return [];
    const from = Date.parse(started);
    const to = Date.parse(finished);
    // A job that ended before its program ran was starting up all the time.
    return [{ slot: record.slot, started: from, working: working ? Date.parse(working) : to, finished: to }];
  });
}

/** Runs a campaign in a state folder of its own, which stays for the reading. */
async function runCampaign(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'asi-runner-busy-'));
  const file = join(folder, 'campaign.yaml');
  writeFileSync(
    file,
    `title: runner busy\nsuite: ${values.suite}\nbudget: { candidates: ${Number(values.candidates)} }\n`,
  );
  const command = startAsi(folder, ['run', '--campaign', file], values.slots ? { ASI_RUNNER_SLOTS: values.slots } : {});
  process.once('SIGINT', () => command.signal('SIGINT'));
  const { code } = await command.ended;
  if (code !== 0) throw new Error(`asi run ended with ${code}:\n${command.output()}`);
  return folder;
}
