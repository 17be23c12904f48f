import type { AsiError } from '@asi/contracts';
import { externalStack } from '../stack/external-stack.ts';
import type { ProcessState } from '../stack/process-state.ts';
import { readStack, stillRuns } from '../stack/stack-file.ts';
import { startStack } from '../stack/start-stack.ts';
import { stateFolder } from '../stack/state-folder.ts';
import type { CliContext } from './cli-context.ts';

/** A stack to work with: one that another process runs, or one that was started here and ends with us. */
export type UsedStack = {
  readonly ours: boolean;
  readonly natsUrl: string;
  readonly mongodbUrl: string;
  states(): readonly ProcessState[];
  dashboard(): string | null;
  /** True when it has ended: the process that ran it, or the state folder under it. */
  gone(): boolean;
  /** Why what was started here cannot go on; null while it can, and when another process runs it. */
  lost(): AsiError | null;
  /** Stops what was started here; nothing when another process runs it. */
  stop(): Promise<void>;
};

/** Uses the stack that runs elsewhere or on this state folder, or starts one. @throws as externalStack and startStack */
export async function attachOrStart(context: CliContext): Promise<UsedStack> {
  const external = externalStack(context.env);
  if (external) {
    const { natsUrl, mongodbUrl, dashboard } = external;
    return {
      ours: false,
      natsUrl,
      mongodbUrl,
      states: () => [],
      dashboard: () => dashboard,
      gone: () => false,
      lost: () => null,
      stop: async () => undefined,
    };
  }
  const folder = stateFolder(context.env);
  const running = readStack(folder);
  if (running) {
    const states = () => readStack(folder)?.processes ?? [];
    const { natsUrl, mongodbUrl } = running;
    return {
      ours: false,
      natsUrl,
      mongodbUrl,
      states,
      dashboard: () => dashboardOf(states()),
      gone: () => !stillRuns(folder, running),
      lost: () => null,
      stop: async () => undefined,
    };
  }
  const stack = await startStack({ env: context.env, clock: context.clock, signal: context.interrupt });
  return {
    ours: true,
    natsUrl: stack.natsUrl,
    mongodbUrl: stack.mongodbUrl,
    states: stack.states,
    dashboard: () => dashboardOf(stack.states()),
    gone: () => stack.gone.aborted,
    lost: () => (stack.gone.aborted ? (stack.gone.reason as AsiError) : null),
    stop: stack.stop,
  };
}

export const dashboardOf = (states: readonly ProcessState[]): string | null =>
  states.find(({ name, state }) => name === 'observatory' && state === 'running')?.url ?? null;
