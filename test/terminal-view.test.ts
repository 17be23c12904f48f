import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type NullRunner, startNullRunner } from '../gpu-runner/src/testing/null-runner.ts';
import { trainerPython } from '../services/lab/src/stack/toolchain.ts';
import { repository } from './support/asi-command.ts';
import { survivors } from './support/living-processes.ts';
import { terminalScreen } from './support/terminal-screen.ts';
import { until } from './support/until.ts';

const [columns, rows] = [100, 30];
// Ten are promised to a person on an idle machine; a test that fails on a busy one would say nothing.
const secondsToStop = 60;
const secondsToShow = 60;
const testLimitMilliseconds = 300_000;
const campaign = `
title: on a terminal
suite: cpu-smoke
baselines:
  - { name: delta-net, seeds: [0, 1] }
budget: { candidates: 200 }
`;

let home = '';
let runner: NullRunner | null = null;
let typed: ChildProcessWithoutNullStreams | null = null;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'asi-terminal-'));
});
afterEach(async () => {
  typed?.kill('SIGKILL');
  await runner?.stop();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

/** `asi run` on a terminal of its own, and what a person sees there. */
async function runOnTerminal() {
  const file = join(home, 'campaign.yaml');
  writeFileSync(file, campaign);
  runner = await startNullRunner({ slots: 2, delayMilliseconds: 700 });
  const { NATS_URL: _nats, MONGODB_URL: _mongodb, NO_COLOR: _colour, ...inherited } = process.env;
  const asi = [process.execPath, join(repository, 'services/lab/src/main.ts'), 'run', '--campaign', file];
  const terminal = spawn(
    trainerPython(),
    [join(repository, 'test/support/pseudo_terminal.py'), String(columns), String(rows), ...asi],
    { cwd: repository, env: { ...inherited, TERM: 'xterm-256color', ASI_HOME: home, ASI_RUNNER_URL: runner.url } },
  );
  typed = terminal;
  const screen = terminalScreen(columns, rows);
  const decoder = new StringDecoder('utf8');
  terminal.stdout.on('data', (chunk: Buffer) => screen.write(decoder.write(chunk)));
  const ended = new Promise<number | null>((resolve) => terminal.once('close', (code) => resolve(code)));
  const shown = () => screen.rows().join('\n');
  const shows = (what: string, pattern: RegExp) =>
    until(what, () => pattern.test(shown()), secondsToShow).catch((error) => {
      throw new Error([error.message, ...screen.misfits, shown()].join('\n'));
    });
  return { terminal, screen, ended, shown, shows };
}

test(
  'on a real terminal the view never exceeds it, shows what a person asks for, and Ctrl-C leaves nothing behind',
  async () => {
    const { terminal, screen, ended, shown, shows } = await runOnTerminal();
    const parts: Record<string, RegExp> = {
      'how far the campaign is': /baselines 2\/2 {2}candidates [1-9]\d*\/200/,
      'time left': /about .* left/,
      'the best so far, with its noise': /^best +\S+ .*\d\.\d{3}.*±/m,
      'the best baseline': /^baseline +delta-net/m,
      'a candidate and its stage': /^c001-\d{4} .*(designing|certif|training|assessing)/m,
      'what every process is doing': /idle: .*\b(director|judge|analyst|archive)\b/,
      'how to stop': /Ctrl-C stops everything; asi run continues/,
    };
    for (const [what, pattern] of Object.entries(parts)) await shows(what, pattern);
    expect(screen.rows().length).toBeLessThanOrEqual(rows);

    terminal.stdin.write('\u0003');
    const begun = performance.now();
    const code = await ended;
    expect((performance.now() - begun) / 1000).toBeLessThan(secondsToStop);
    expect(code).toBe(130);
    expect(shown()).toContain('interrupted: asi run continues the campaign');
    expect(screen.misfits).toEqual([]);
    expect(await survivors([], home, secondsToStop)).toEqual([]);
  },
  testLimitMilliseconds,
);

test(
  'a terminal that is closed stops everything as Ctrl-C does, and leaves no lock behind',
  async () => {
    const { terminal, shows } = await runOnTerminal();
    await shows('a campaign under way', /candidates [1-9]\d*\/200/);
    terminal.kill('SIGKILL');
    expect(await survivors([], home, secondsToStop)).toEqual([]);
    expect(existsSync(join(home, 'run/lab.lock'))).toBe(false);
    expect(existsSync(join(home, 'run/stack.json'))).toBe(false);
  },
  testLimitMilliseconds,
);
