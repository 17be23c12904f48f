import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pulseSeconds, systemClock } from '@asi/contracts';
import { expect, onTestFinished, test } from 'vitest';
import { noSignOfLife } from './process-state.ts';
import { superviseProcess } from './supervised-process.ts';
import { makeHouse } from './testing/small-house.ts';
import { temporaryFolder } from './testing/temporary-home.ts';
import { waitUntil } from './testing/wait-until.ts';

test('a process that hangs in its start is killed, its log and its state say why, and it is started again', async () => {
  const root = makeHouse([{ path: 'agents/judge', program: 'obedient' }]);
  const logFolder = temporaryFolder();
  const judge = superviseProcess({
    spec: {
      name: 'judge',
      command: process.execPath,
      args: [join(root, 'agents/judge/main.mjs')],
      env: {},
      readiness: { kind: 'spawned' },
      // It gives none: that is how it hangs.
      pulse: true,
      stage: 'house',
    },
    logFolder,
    clock: systemClock,
    backOff: { firstMilliseconds: 10, longestMilliseconds: 10, healthyAfterMilliseconds: 60_000 },
    silenceSeconds: pulseSeconds,
    attach: (command) => command,
    onChange: () => undefined,
  });
  onTestFinished(() => judge.stop(0));
  judge.start();
  await waitUntil('it is started again', () => judge.state().restarts === 1 && judge.state().state === 'running');
  expect(judge.state()).toMatchObject({
    lastExit: { signal: 'SIGKILL' },
    lastError: { code: noSignOfLife, message: `no sign of life for ${pulseSeconds} s: killed` },
  });
  expect(readFileSync(join(logFolder, 'judge.jsonl'), 'utf8')).toContain(`no sign of life for ${pulseSeconds} s`);
});
