import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startStack } from '@asi/lab';
import { houseWithNullRunner } from '../bench/support/house-with-null-runner.ts';
import { asi } from './asi-command.ts';

/**
 * Runs campaigns, one for each seed, in the real house but for the runner, which trains nothing; each begins from what the
 * ones before it learnt. The stack is stopped at the end.
 */
export async function recordCampaigns(base: string, home: string, seeds: readonly number[]): Promise<void> {
  const root = join(base, 'house');
  houseWithNullRunner(root);
  const { NATS_URL: _nats, MONGODB_URL: _mongodb, ...env } = process.env;
  const stack = await startStack({ root, env: { ...env, ASI_HOME: home, ASI_RUNNER_SLOTS: '2' } });
  try {
    for (const seed of seeds) {
      const file = join(base, `campaign-${seed}.yaml`);
      writeFileSync(
        file,
        `seed: ${seed}\nbaselines: [{ name: delta-net, seeds: [0, 1] }]\nbudget: { candidates: 4 }\nconfirmation: { best: 0 }\n`,
      );
      await asi(home, 'run', '--campaign', file);
    }
  } finally {
    await stack.stop();
  }
}
