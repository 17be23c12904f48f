import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../command.mjs';
import { generatedCode, root } from '../paths.mjs';
import { withProgress } from '../progress.mjs';
import { isStamped, keyOf, stamp } from '../stamp.mjs';

/** TypeScript for the runner's protobuf contract. */
export async function generateCode() {
  const key = keyOf(root, [join(root, 'proto'), join(root, 'turbo.json'), join(root, 'package-lock.json')]);
  if (isStamped('generated-code', key) && existsSync(generatedCode)) return;
  await withProgress('Generating code from proto/', 'a few seconds', ({ say }) =>
    runCommand('Generating code', join(root, 'node_modules/.bin/turbo'), ['run', 'gen', '--ui=stream'], {
      env: {
        TURBO_TELEMETRY_DISABLED: '1',
        DO_NOT_TRACK: '1',
        PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH ?? ''}`,
      },
      onLine: say,
    }),
  );
  stamp('generated-code', key);
}
