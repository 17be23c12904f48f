import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningStack, startStack } from '@asi/lab';
import { openReading, type Reading } from '@asi/reading';
import { houseOf } from './house-of.ts';
import { type Script, startScriptedRoles } from './scripted-roles.ts';

export type ScriptedLaboratory = {
  readonly home: string;
  /** The house: its folder. */
  readonly root: string;
  readonly stack: RunningStack;
  readonly roles: Awaited<ReturnType<typeof startScriptedRoles>>;
  readonly reading: Reading;
  stop(): Promise<void>;
};

/** Director and archive as processes of a real stack, and these members; the other roles act by the script. */
export async function startScriptedLaboratory(
  name: string,
  script: Script,
  members: readonly string[] = [],
): Promise<ScriptedLaboratory> {
  const home = mkdtempSync(join(tmpdir(), `asi-${name}-`));
  const root = houseOf(['agents/director', 'services/archive', ...members]);
  const stack = await startStack({ root, env: { ...process.env, ASI_HOME: home, ASI_LEASE_SECONDS: '2' } });
  await stack.ready();
  const roles = await startScriptedRoles(stack.natsUrl, script);
  const { natsUrl, mongodbUrl } = stack;
  const reading = await openReading({ natsUrl, mongodbUrl, source: `test/${name}` });
  return {
    home,
    root,
    stack,
    roles,
    reading,
    stop: async () => {
      await reading.close();
      await roles.stop();
      await stack.stop();
      for (const folder of [home, root]) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
