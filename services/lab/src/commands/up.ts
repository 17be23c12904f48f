import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { terminal } from '@asi/contracts';
import { Command } from 'commander';
import { programFile } from '../stack/program-file.ts';
import { requireSettings } from '../stack/require-settings.ts';
import { readStack } from '../stack/stack-file.ts';
import { startStack } from '../stack/start-stack.ts';
import { stateFolder } from '../stack/state-folder.ts';
import { repositoryRoot } from '../stack/toolchain.ts';
import { tellTroubles } from '../view/tell-troubles.ts';
import { dashboardOf } from './attach-or-start.ts';
import { refuseToGoOn } from './before-start.ts';
import type { CliContext } from './cli-context.ts';
import { type CommandDefinition, withExample } from './command-definition.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

const backgroundSeconds = 60;

/** `asi up`: the stack, until Ctrl-C or `asi down`. */
export const upCommand: CommandDefinition = (context) => ({
  command: withExample(
    new Command('up')
      .description('start the stack with its dashboard and keep it up until Ctrl-C; an unfinished campaign goes on')
      .option('-d, --detach', 'return as soon as it runs; asi down stops it')
      .option('--json', 'one JSON value when it runs'),
    'asi up',
    'asi up --detach && asi status',
  ),
  run: async ([options]) => {
    const { detach, json } = options as { detach?: boolean; json?: boolean };
    requireSettings(context.env);
    if (detach) return inBackground(context, json === true);
    await refuseToGoOn(context);
    const troubles = tellTroubles(context);
    const stack = await startStack({
      env: context.env,
      clock: context.clock,
      signal: context.interrupt,
      onChange: troubles.look,
    });
    try {
      const end = AbortSignal.any([context.interrupt, stack.gone]);
      await Promise.race([stack.ready(end), troubles.beforeReady]);
      troubles.ready();
      tell(context, json === true, 'Ctrl-C stops it');
      if (!end.aborted) await once(end, 'abort');
      stack.gone.throwIfAborted();
    } catch (error) {
      if (!context.interrupt.aborted) throw error;
    } finally {
      troubles.end();
      await stack.stop();
    }
    return exitCodes.good;
  },
});

function tell(context: CliContext, json: boolean, how: string): void {
  const stack = readStack(stateFolder(context.env));
  if (!stack) return;
  const dashboard = dashboardOf(stack.processes);
  const { pid, natsUrl, mongodbUrl } = stack;
  if (json) context.out.write(`${JSON.stringify({ pid, natsUrl, mongodbUrl, dashboard })}\n`);
  else context.out.write(`the stack runs (process ${pid})${dashboard ? `, dashboard ${dashboard}` : ''}; ${how}\n`);
}

/** The same command again, as a process of its own session that outlives this one. */
async function inBackground(context: CliContext, json: boolean): Promise<ExitCode> {
  const folder = stateFolder(context.env);
  const present = readStack(folder);
  if (present)
    throw terminal(
      'stack-running',
      `the stack already runs in ${folder.path} (process ${present.pid}); stop it with asi down`,
    );
  const logFile = join(folder.logs, 'lab.log');
  const log = openSync(logFile, 'w');
  // On a full disk the log stays empty: then this fails, here, where somebody reads it.
  writeSync(log, `asi up, ${context.clock.now().toISOString()}\n`);
  const child = spawn(
    process.execPath,
    [programFile(join(repositoryRoot, 'services/lab/src/main.ts'), context.env), 'up'],
    {
      detached: true,
      stdio: ['ignore', log, log],
      env: { ...context.env },
    },
  );
  let ended: { readonly code: number | null } | null = null;
  child.once('exit', (code) => {
    ended = { code };
  });
  const hasEnded = () => ended;
  for (let waited = 0; waited < backgroundSeconds * 1000; waited += 100) {
    const end = hasEnded();
    if (end) {
      context.error.write(`${lastWords(logFile) ?? `asi: the stack did not start; see ${logFile}`}\n`);
      return exitCodeOfChild(end.code);
    }
    const stack = readStack(folder);
    if (stack && stack.pid === child.pid && stack.processes.every(({ state }) => state === 'running')) {
      child.unref();
      tell(context, json, 'asi down stops it');
      return exitCodes.good;
    }
    if (context.interrupt.aborted) {
      child.kill('SIGTERM');
      return exitCodes.interrupted;
    }
    await sleep(100);
  }
  child.unref();
  throw terminal(
    'stack-slow',
    `not every process is ready after ${backgroundSeconds} s; asi status shows which, asi down stops the stack`,
  );
}

/** What the command in the background said when it gave up, which may take several lines. */
function lastWords(logFile: string): string | null {
  const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n');
  const last = lines.findLastIndex((line) => line.startsWith('asi: '));
  return last < 0 ? null : lines.slice(last).join('\n');
}

const exitCodeOfChild = (code: number | null): ExitCode =>
  Object.values(exitCodes).find((known) => known === code && known !== exitCodes.good) ?? exitCodes.no;
