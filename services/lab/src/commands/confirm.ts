import { setTimeout as sleep } from 'node:timers/promises';
import { type Confirmation, type ConfirmationResult, terminal } from '@asi/contracts';
import { type Reading, trainingsNeeded } from '@asi/reading';
import { Command } from 'commander';
import { externalStack } from '../stack/external-stack.ts';
import { confirmationText } from '../view/confirmation-text.ts';
import { timeOfDay } from '../view/format.ts';
import { waitsWhilePaused } from '../view/waits-while-paused.ts';
import { askForConfirmation } from './ask-for-confirmation.ts';
import type { UsedStack } from './attach-or-start.ts';
import { refuseRunning } from './before-start.ts';
import { openCampaign } from './change-campaign.ts';
import type { CliContext } from './cli-context.ts';
import { type CommandDefinition, withExample } from './command-definition.ts';
import { exitCodes } from './exit-codes.ts';
import { noExperiment } from './no-experiment.ts';
import { stackEnded } from './stack-ended.ts';
import { withLaboratory } from './with-laboratory.ts';
import { withReading, writeJson } from './with-reading.ts';

type Options = { readonly seeds: string; readonly json?: boolean };

const lookMilliseconds = 1000;
const [fewestSeeds, mostSeeds] = [2, 200];

/** `asi confirm ID`: trains a candidate, its parent and DeltaNet again with fresh seeds, and says whether it is better. */
export const confirmCommand: CommandDefinition = (context) => ({
  command: withExample(
    new Command('confirm')
      .description(
        'train a candidate again with fresh seeds, beside DeltaNet and its parent, and say whether it is better; starts the stack if it is not up, and opens an ended campaign again for it',
      )
      .argument('<id>', 'a completed candidate, for example c001-0007')
      .option('--seeds <n>', 'fresh seeds at most; it looks earlier and may end there', '8')
      .option('--json', 'one JSON value (see docs/json.md)'),
    'asi confirm c001-0007',
    'asi confirm c001-0007 --seeds 16',
  ),
  run: async ([id, given]) => {
    const { seeds: text, json } = given as Options;
    const seeds = Number(text);
    if (!Number.isInteger(seeds) || seeds < fewestSeeds || seeds > mostSeeds)
      throw terminal('usage', `--seeds ${text}: expected a whole number from ${fewestSeeds} to ${mostSeeds}`);
    const say = (line: string) => void (json ? null : context.out.write(`${line}\n`));
    await refuseBeforeStart(context, id as string);
    return withLaboratory(context, say, async (reading, used) => {
      const { campaignId, confirmation } = await askForConfirmation(reading, id as string, seeds, context.interrupt);
      const against = confirmation.against.map(({ name }) => name).join(' and ');
      say(
        `${confirmation.candidateId} is trained again beside ${against}, with up to ${seeds} fresh seeds: confirmation ${confirmation.order} of the laboratory`,
      );
      const end = await untilConcluded(context, reading, used, { campaignId, confirmation, say });
      if (end === null) {
        say('interrupted: it goes on with the next asi up or asi run');
        return exitCodes.interrupted;
      }
      if (json) writeJson(context, { campaignId, confirmation: end });
      for (const line of confirmationText(end)) say(line);
      return end.status === 'confirmed' ? exitCodes.good : exitCodes.no;
    });
  },
});

/** What can be known to be refused is refused before the processes are started. */
const refuseBeforeStart = (context: CliContext, id: string): Promise<void> =>
  withReading(context, async (reading, stack) => {
    const view = await reading.experiment(id);
    if (!view) throw await noExperiment(reading, id);
    if (stack === null && !externalStack(context.env)) await refuseRunning(reading, context.env);
    if (view.kind !== 'candidate' || view.state !== 'completed')
      throw terminal(
        'not-a-candidate',
        `${id} is no completed candidate (${view.kind}, ${view.state}); only those can be confirmed: asi leaderboard lists them`,
      );
    const open = await openCampaign(reading);
    if (open && open.id !== view.campaignId)
      throw terminal('campaign-open', `campaign ${open.id} is ${open.state}: ask again when it has ended`);
  });

type Awaited = {
  readonly campaignId: string;
  readonly confirmation: Confirmation;
  readonly say: (line: string) => void;
};

/** What it came to, or null when the person interrupts. */
async function untilConcluded(
  { clock, interrupt, error }: CliContext,
  reading: Reading,
  stack: UsedStack,
  { campaignId, confirmation, say }: Awaited,
): Promise<ConfirmationResult | null> {
  let told = '';
  let saidPaused = false;
  for (;;) {
    if (interrupt.aborted) return null;
    if (stack.gone()) throw stack.lost() ?? stackEnded(campaignId);
    // Servers that are started again do not answer for a while; what was asked is kept.
    const [all, progress, ended] = await Promise.all([
      reading.confirmations(campaignId),
      reading.progress(campaignId),
      reading.endedIds(campaignId),
    ]).catch(() => [null, null, null] as const);
    const found = all?.find((one) => one.order === confirmation.order);
    if (found && found.status !== 'under-way') return found;
    const wanted = found ? trainingsNeeded(confirmation, found.pairs) : [];
    const done = wanted.filter((id) => ended?.includes(id)).length;
    const far = ended && wanted.length > 0 ? `${done} of ${wanted.length}` : told;
    if (far !== told) say(`${timeOfDay(clock.now().toISOString())}  ${far} trainings up to the next look are done`);
    told = far;
    const isPaused = progress?.state === 'paused';
    if (isPaused && !saidPaused) error.write(`asi: ${waitsWhilePaused}\n`);
    saidPaused = isPaused;
    await sleep(lookMilliseconds, undefined, { signal: interrupt }).catch(() => undefined);
  }
}
