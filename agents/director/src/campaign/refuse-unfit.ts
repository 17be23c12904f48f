import { type CampaignSettings, terminal, thinksWithModel } from '@asi/contracts';
import type { RunnersSeen } from '../runners.ts';

/** Minds whose answers are programs, or lines of them. */
const programmers = ['researcher', 'engineer'] as const;

/**
 * Refuses a campaign of which no training could begin: each would fail for the same reason, one after another.
 * @throws terminal `device-missing`, `isolation-missing`
 */
export function refuseUnfit(settings: CampaignSettings, { withoutCuda, withoutIsolation }: RunnersSeen): void {
  if (settings.device === 'cuda' && withoutCuda !== null)
    throw terminal(
      'device-missing',
      `it asks for \`device: cuda\`, and the runner at ${withoutCuda} has no CUDA device: use \`auto\` or \`cpu\``,
    );
  const foreign = programmers.some((role) => thinksWithModel(settings, role));
  if (foreign && withoutIsolation !== null)
    throw terminal(
      'isolation-missing',
      `programs of a language model run isolated only, and the runner at ${withoutIsolation} has no isolation (tier 0): install bubblewrap and start again (asi doctor says what is missing)`,
    );
}
