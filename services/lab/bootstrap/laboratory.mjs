import { join } from 'node:path';
import { inForeground } from './in-foreground.mjs';
import { currentBundles } from './install/bundles.mjs';
import { houseNode, root } from './paths.mjs';

/** Runs `asi` with these arguments: bundled where that was done from these very sources, else from its sources. */
export function runLaboratory(args, bundles = currentBundles()) {
  const program = bundles ? join(bundles, 'services/lab/src/main.mjs') : join(root, 'services/lab/src/main.ts');
  return inForeground(houseNode, [program, ...args], { ASI_BUNDLES: bundles ?? '' });
}
