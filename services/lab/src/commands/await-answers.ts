import { setTimeout as sleep } from 'node:timers/promises';
import { modelOf, thinkingRoles } from '@asi/contracts';
import type { Reading } from '@asi/reading';
import { duration } from '../view/format.ts';

const lookMilliseconds = 500;

/**
 * Waits for the answers of language models that are under way when a campaign has paused itself: who stopped the processes now would pay
 * for them and throw them away. No longer than one request may take, for an answer whose asker was killed never comes.
 * @param tell says once that it waits, in words; not called when nothing is under way
 */
export async function awaitAnswers(
  reading: Pick<Reading, 'campaign' | 'calls'>,
  campaignId: string,
  { interrupt, tell }: { readonly interrupt: AbortSignal; readonly tell: (text: string) => void },
): Promise<void> {
  const campaign = await reading.campaign(campaignId);
  if (!campaign) return;
  const { minds, models } = campaign.settings;
  const asking = thinkingRoles.filter((role) => minds[role] === 'llm');
  const longest = Math.max(0, ...asking.map((role) => modelOf(models, role).requestSeconds));
  let told = false;
  for (let waited = 0; waited < longest * 1000 && !interrupt.aborted; waited += lookMilliseconds) {
    const count = (await reading.calls(campaignId))?.total.underWay ?? 0;
    if (count === 0) return;
    if (!told)
      tell(
        `${count === 1 ? 'an answer of a language model is' : `${count} answers of language models are`} under way and paid for: this waits for ${count === 1 ? 'it' : 'them'}, at most ${duration(longest)} (Ctrl-C does not)`,
      );
    told = true;
    await sleep(lookMilliseconds, undefined, { signal: interrupt }).catch(() => undefined);
  }
}
