/**
 * What does a graph cost beyond the calls it makes, and how many designs can one process have in flight?
 *
 * Run: `node test/bench/mind-overhead.ts [--rounds 15] [--pause 1500]` (about two minutes). The graphs are the real ones, on the
 * material of a campaign so far; the endpoint is scripted and answers at once, in a process of its own; archive and ledger are
 * in memory. So the numbers hold prompts, graphs, client, parsing and checks, and neither network nor broker nor a model.
 *
 * - Overhead: the same requests are made bare by the client of the house (`requestOnce`, in the same order and side by side
 *   where the graph asks side by side), and through the graphs. Both in turns, in one run; the medians are compared. Processor
 *   time is that of the asking process and hardly depends on neighbours: the goal (20 ms a call) is held against it. Wall-clock
 *   time is as long as processor time on a machine that does nothing else, and waits for the neighbours on any other.
 * - Concurrency: the endpoint pauses before each answer, which then comes whole. So many designs at once, and how long that
 *   takes beside one alone: 1 is perfect. What bounds it is processor time a design, which hardly depends on neighbours.
 * - Memory: so many designs wait for their first answers; what the process has grown by, for each. After garbage collection.
 *
 * Exits 1 when the goal is missed.
 */

import { cpus, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { languageModelSchema, systemClock } from '@asi/contracts';
import { createThink } from '@asi/llm';
import { requestOnce } from '../../shared/llm/src/endpoint/request-once.ts';
import { resolveEndpoint } from '../../shared/llm/src/endpoint/resolve-endpoint.ts';
import { answersWith } from './support/minds/answers.ts';
import { type MindsHouse, mindsHouse } from './support/minds/house.ts';
import { startAnswering } from './support/minds/start-answering.ts';
import { thinkingTasks } from './support/minds/thinking-tasks.ts';
import { readOptions } from './support/read-options.ts';

const goalMilliseconds = 20;
const values = readOptions(import.meta.url, {
  rounds: { type: 'string', default: '15' },
  pause: { type: 'string', default: '1500' },
});
const [rounds, pause] = [Number(values.rounds), Number(values.pause)];
if (!(Number.isInteger(rounds) && rounds > 1 && pause > 0)) {
  process.stderr.write('--rounds takes a whole number of at least 2, --pause milliseconds\n');
  process.exit(2);
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const { signal } = new AbortController();
const median = (all: readonly number[]): number =>
  [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN;
const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const say = (...lines: readonly string[]) => process.stdout.write(`${lines.join('\n')}\n`);

type Cost = { readonly wall: number; readonly processor: number };
async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const [began, used] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(used);
  return { wall: performance.now() - began, processor: (user + system) / 1000 };
}

async function houseAt(pauseMilliseconds: number, streaming: boolean) {
  const { freshProgram } = await mindsHouse(languageModelSchema.parse({}));
  const server = await startAnswering(answersWith(freshProgram), pauseMilliseconds);
  const model = languageModelSchema.parse({ baseUrl: server.url, model: 'a-model', streaming });
  const house = await mindsHouse(model);
  const think = createThink({ bus: house.bus, env: {}, clock: systemClock, random: { next: () => 0 } });
  return { server, model, house, tasks: thinkingTasks(house, think) };
}

/** What a piece of work asked, in groups that were asked side by side. */
type Asked = {
  readonly messages: readonly { role: 'system' | 'user' | 'assistant'; content: string }[];
  readonly shape: string;
  readonly schema: { [keyword: string]: unknown };
};
function groupsOf({ calls, artifacts }: MindsHouse): Asked[][] {
  const groups: Asked[][] = [];
  for (const { promptHash } of calls.values()) {
    const asked = JSON.parse(artifacts.get(promptHash) ?? '') as Asked;
    const last = groups.at(-1);
    if (last?.[0]?.shape === asked.shape) last.push(asked);
    else groups.push([asked]);
  }
  return groups;
}

async function overhead(streaming: boolean): Promise<number> {
  const { server, model, house, tasks } = await houseAt(0, streaming);
  const endpoint = resolveEndpoint(model, {});
  const bare = async (groups: readonly Asked[][]) => {
    for (const group of groups)
      await Promise.all(
        group.map(({ messages, shape: name, schema }) =>
          requestOnce(
            {
              endpoint,
              settings: model,
              messages,
              responseFormat: { type: 'json_schema', json_schema: { name, strict: true, schema } },
              maxOutputTokens: model.maxOutputTokens,
            },
            signal,
          ),
        ),
      );
  };
  let worst = 0;
  for (const [name, task] of Object.entries(tasks)) {
    await task('c001-0100', signal);
    const groups = groupsOf(house);
    const calls = house.calls.size;
    await bare(groups);
    const [alone, whole]: [Cost[], Cost[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      house.calls.clear();
      whole.push(await costOf(() => task(`c001-${1000 + round}`, signal)));
      alone.push(await costOf(() => bare(groups)));
    }
    house.calls.clear();
    const of = (all: readonly Cost[], what: keyof Cost) => median(all.map((one) => one[what])) / calls;
    const beyond = (what: keyof Cost) => of(whole, what) - of(alone, what);
    worst = Math.max(worst, beyond('processor'));
    say(
      row(
        `${name}, ${streaming ? 'streamed' : 'whole'}`,
        String(calls),
        ...(['wall', 'processor'] as const).flatMap((what) => [
          of(alone, what).toFixed(1),
          of(whole, what).toFixed(1),
          (of(whole, what) / of(alone, what)).toFixed(2),
          beyond(what).toFixed(1),
        ]),
      ),
    );
  }
  await server.stop();
  return worst;
}

/** What so many designs at once cost, at an endpoint of their own, so that all open as many connections. */
async function designsAtOnce(count: number): Promise<Cost> {
  const { server, house, tasks } = await houseAt(pause, false);
  await tasks.design('c001-0100', signal);
  house.calls.clear();
  const designs = () => Array.from({ length: count }, (_, i) => tasks.design(`c001-${1000 + i}`, signal));
  const cost = await costOf(() => Promise.all(designs()));
  await server.stop();
  return cost;
}

async function concurrency(): Promise<void> {
  const one = await designsAtOnce(1);
  let most = 1;
  let each = one.processor;
  for (const count of [4, 16, 64]) {
    const { wall, processor } = await designsAtOnce(count);
    const ratio = wall / one.wall;
    if (ratio < 1.5) most = count;
    each = processor / count;
    say(row(String(count), ratio.toFixed(2), (processor / wall).toFixed(2), each.toFixed(0)));
  }
  say(
    '',
    `the most at once whose time stays below 1.5 times that of one, of those tried: ${most}; by processor time alone one process makes ${(60_000 / each).toFixed(0)} designs a minute, whatever the model takes for each`,
  );
}

async function memory(): Promise<void> {
  const { server, house, tasks } = await houseAt(600_000, true);
  const withdraw = new AbortController();
  const size = () => {
    collectGarbage();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(2);
  const running: Promise<unknown>[] = [];
  for (let before = size(), count = 0; count < 48; ) {
    const batch = count === 0 ? 8 : 40;
    for (let i = 0; i < batch; i++)
      running.push(tasks.design(`c001-${1000 + count + i}`, withdraw.signal).catch(() => null));
    const asked = () => [...house.calls.values()].filter(({ state }) => state === 'open').length;
    // Five summaries are asked for side by side.
    while (asked() < 5 * (count + batch)) await sleep(50);
    await sleep(500);
    const after = size();
    count += batch;
    // The first ones load and compile what all need.
    if (count > 8) say(row(String(batch), megabytes((after - before) / batch)));
    before = after;
  }
  withdraw.abort();
  await Promise.all(running);
  await server.stop();
}

say(
  `${cpus().length} processors, load ${loadavg()[0]?.toFixed(1)} at the start. Milliseconds a call, medians of ${rounds} rounds:`,
  '',
);
say(
  row(
    'Work',
    'Calls',
    'Wall: calls alone',
    'whole',
    'ratio',
    'beyond',
    'Processor: calls alone',
    'whole',
    'ratio',
    'beyond',
  ),
);
say('|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|');
const worst = Math.max(await overhead(true), await overhead(false));
say(
  '',
  `greatest overhead of a graph: ${worst.toFixed(1)} ms of processor time a call; goal below ${goalMilliseconds} ms`,
  '',
);
say(
  row('Designs at once', 'Time, to that of one', 'Processors busy', 'Processor ms a design'),
  '|---:|---:|---:|---:|',
);
await concurrency();
say('', row('More designs in flight', 'Memory held by each, MB'), '|---:|---:|');
await memory();
process.exitCode = worst < goalMilliseconds ? 0 : 1;
