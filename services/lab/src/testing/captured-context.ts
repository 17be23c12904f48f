import { systemClock } from '@asi/contracts';
import type { CliContext } from '../commands/cli-context.ts';
import { runCli } from '../commands/run-cli.ts';

export type CapturedRun = { readonly code: number; readonly out: string; readonly error: string };

/** Runs `asi` in this process, without a terminal, and keeps what it writes. `onError` hears all of standard error, each time it grows. */
export async function captureCli(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  interrupt: AbortSignal = new AbortController().signal,
  onError: (soFar: string) => void = () => undefined,
): Promise<CapturedRun> {
  let [out, error] = ['', ''];
  const output = (write: (text: string) => void) => ({
    write,
    isTerminal: false,
    columns: () => 80,
    rows: () => 24,
  });
  const context: CliContext = {
    env,
    out: output((text) => {
      out += text;
    }),
    error: output((text) => {
      error += text;
      onError(error);
    }),
    clock: systemClock,
    interrupt,
  };
  const code = await runCli(args, context);
  return { code, out, error };
}
