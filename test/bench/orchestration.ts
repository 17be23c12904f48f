/**
 * How many experiments a minute can the house carry, when training takes no time, and does that change as it grows?
 *
 * Run: `node test/bench/orchestration.ts [--experiments 5000] [--slots 16] [--keep]`. Every process, message and write is
 * real and durable; only the runner answers at once (and says that it measured nothing). Prints the rate in windows, the
 * ratio of the last to the first, and processor seconds per experiment of each process. Exits 1 when a goal is missed:
 * 1,000 a minute, and no less than 90 % of the first window's rate in the last one.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectBus } from '@asi/bus';
import { campaignSettingsSchema, catalogue } from '@asi/contracts';
import { startStack } from '../../services/lab/src/stack/start-stack.ts';
import { until } from '../support/until.ts';
import { houseWithNullRunner } from './support/house-with-null-runner.ts';
import { processorSeconds } from './support/processor-time.ts';
import { readOptions } from './support/read-options.ts';

const rateGoal = 1000;
const flatnessGoal = 0.9;
const warmUp = 100;

const values = readOptions(import.meta.url, {
  experiments: { type: 'string', default: '5000' },
  slots: { type: 'string', default: '16' },
  keep: { type: 'boolean', default: false },
});
const experiments = Number(values.experiments);
const window = Math.max(50, Math.min(500, Math.floor((experiments - warmUp) / 4)));

const base = mkdtempSync(join(tmpdir(), 'asi-orchestration-'));
const root = join(base, 'house');
houseWithNullRunner(root);
const stack = await startStack({
  root,
  env: { ...process.env, ASI_HOME: join(base, 'state'), ASI_RUNNER_SLOTS: values.slots },
});
try {
  await stack.ready(AbortSignal.timeout(60_000));
  const bus = await connectBus({ url: stack.natsUrl, source: 'bench/one' });
  const cpu = () =>
    Object.fromEntries(stack.states().map(({ name, pid }) => [name, pid === null ? 0 : processorSeconds(pid)]));
  let settled = 0;
  let state = 'running';
  const outcomes: Record<string, number> = {};
  const marks: Array<{ settled: number; at: number; cpu: Record<string, number> }> = [];
  const mark = () => marks.push({ settled, at: performance.now(), cpu: cpu() });
  bus.watch('asi.evt.director.settled.*', ({ data }) => {
    const { kind, outcome } = catalogue.settled.data.parse(data);
    if (kind !== 'candidate') return;
    settled++;
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    if (settled === warmUp || (settled > warmUp && (settled - warmUp) % window === 0)) {
      mark();
      print(marks.at(-2), marks.at(-1));
    }
  });
  bus.watch('asi.evt.director.campaign-changed.*', ({ data }) => {
    state = catalogue.campaignChanged.data.parse(data).state;
  });
  await until('an engineer', async () => (await bus.discover()).some(({ role }) => role === 'engineer'));
  const settings = campaignSettingsSchema.parse({ budget: { candidates: experiments } });
  await bus.publish(catalogue.startCampaign, { experimentId: null, data: { settings } });
  await until('the end of the campaign', () => state !== 'running', 7200);
  report(marks, await bus.lastSequence(), outcomes);
  await bus.close();
} finally {
  await stack.stop();
  if (values.keep) process.stdout.write(`kept ${base}\n`);
  else rmSync(base, { recursive: true, force: true });
}
process.exit();

type Mark = { settled: number; at: number; cpu: Record<string, number> };

function rateBetween(from: Mark, to: Mark) {
  const count = to.settled - from.settled;
  const used = Object.fromEntries(
    Object.entries(to.cpu).map(([name, seconds]) => [name, (seconds - (from.cpu[name] ?? 0)) / count]),
  );
  const sum = Object.values(used).reduce((total, one) => total + one, 0);
  return { perMinute: (60_000 * count) / (to.at - from.at), used, sum };
}

function print(from: Mark | undefined, to: Mark | undefined): void {
  if (!from || !to) return;
  const { perMinute, used, sum } = rateBetween(from, to);
  const parts = Object.entries(used)
    .sort(([, a], [, b]) => b - a)
    .map(([name, seconds]) => `${name} ${(1000 * seconds).toFixed(1)}`);
  process.stdout.write(
    `${String(from.settled).padStart(5)}-${String(to.settled).padEnd(5)} ${perMinute.toFixed(0).padStart(5)} a minute; ` +
      `processor ms an experiment: ${(1000 * sum).toFixed(1)} (${parts.join(', ')})\n`,
  );
}

function report(all: readonly Mark[], messages: number, outcomes: Record<string, number>): void {
  const [start, afterFirst] = all;
  const beforeLast = all.at(-2);
  const end = all.at(-1);
  if (!start || !afterFirst || !beforeLast || !end || all.length < 3)
    throw new RangeError('too few experiments for two windows: give --experiments 400 or more');
  const whole = rateBetween(start, end);
  const first = rateBetween(start, afterFirst);
  const last = rateBetween(beforeLast, end);
  const flatness = last.perMinute / first.perMinute;
  const processorFlatness = first.sum / last.sum;
  // With processors enough, the busiest process that has one thread is the limit; the servers have many.
  const busiest = Object.entries(whole.used)
    .filter(([name]) => name !== 'servers')
    .sort(([, a], [, b]) => b - a)[0] ?? ['none', 0];
  process.stdout.write(
    `${[
      `${end.settled} candidates (${JSON.stringify(outcomes)}), ${messages} messages, ${availableParallelism()} processors`,
      `experiments a minute          ${whole.perMinute.toFixed(0)} (goal ${rateGoal})`,
      `last window to first          ${flatness.toFixed(2)} in time, ${processorFlatness.toFixed(2)} in processor time (goal ${flatnessGoal})`,
      `processor ms an experiment    ${(1000 * whole.sum).toFixed(1)}: at most ${((60 * availableParallelism()) / whole.sum).toFixed(0)} a minute on this machine`,
      `busiest single thread         ${busiest[0]}, ${(1000 * busiest[1]).toFixed(1)} ms an experiment: at most ${(60 / busiest[1]).toFixed(0)} a minute on any machine`,
    ].join('\n')}\n`,
  );
  process.exitCode = whole.perMinute >= rateGoal && flatness >= flatnessGoal ? 0 : 1;
}
