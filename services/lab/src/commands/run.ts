import { once } from 'node:events';
import { type Reading, viewJson } from '@asi/reading';
import { Command } from 'commander';
import { writeReport } from '../report/write-report.ts';
import { type ShownEnd, showCampaign } from '../view/show-campaign.ts';
import { wrap } from '../view/wrap.ts';
import { absentGates } from './absent-gates.ts';
import type { UsedStack } from './attach-or-start.ts';
import { awaitAnswers } from './await-answers.ts';
import { refuseBeforeStart } from './before-start.ts';
import { type CampaignOptions, settingsFrom } from './campaign-options.ts';
import { openCampaign } from './change-campaign.ts';
import type { CliContext } from './cli-context.ts';
import { closingText } from './closing-text.ts';
import { type CommandDefinition, withExample } from './command-definition.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { continueOrStart } from './open-campaign.ts';
import { refuseWithoutPrices } from './refuse-without-prices.ts';
import { stackEnded } from './stack-ended.ts';
import { whatIsKept } from './what-is-kept.ts';
import { whileServersReturn } from './while-servers-return.ts';
import { withLaboratory } from './with-laboratory.ts';

type Options = CampaignOptions & { readonly new?: boolean; readonly json?: boolean; readonly dashboard: boolean };

/** `asi run`: a campaign from start to end, on this machine. */
export const runCommand: CommandDefinition = (context) => ({
  command: withExample(
    new Command('run')
      .description(
        'run a campaign: starts the stack if it is not up, continues the unfinished campaign or starts a further one, and shows it until its end',
      )
      .option(
        '--candidates <n>',
        'completed candidates (default 12); then the best may be trained again with fresh seeds',
      )
      .option('--minutes <n>', 'sample no new candidate after this time since its start (stopped time counts too)')
      .option('--seed <n>', 'every id, draw and data order derives from it (default 1)')
      .option('--dollars <n>', 'what its language models may cost in all; of an unfinished campaign: from now on')
      .option('--tokens <n>', 'the tokens that they may take in all')
      .option('--campaign <file>', 'a campaign file (see docs/campaign-file.md); the options above win over it')
      .option('--new', `cancel an unfinished campaign (${whatIsKept}) and start another`)
      .option('--no-dashboard', 'on a terminal: end with the campaign instead of staying up with the dashboard')
      .option('--json', 'one JSON value a line: messages, at last the result (see docs/json.md)'),
    'asi run --candidates 4',
    'asi run --campaign asi.yaml --minutes 30',
  ),
  run: async ([options]) => {
    const given = { ...(options as Options), env: context.env };
    // A wrong option is an error before anything is started.
    settingsFrom(given);
    const json = given.json === true;
    const say = (text: string) => void (json ? null : context.out.write(`${text}\n`));
    const unfinished = await refuseBeforeStart(context, given, given.new === true);
    const asked = settingsFrom(given, unfinished?.settings) ?? unfinished?.settings;
    // Of an unfinished campaign caps and prices may be changed, and nothing else.
    if (asked) refuseWithoutPrices({ ...(unfinished?.settings ?? asked), spending: asked.spending }, context.env);
    return withLaboratory(context, say, async (reading, used) => {
      const fresh = given.new === true;
      const begunWith = fresh ? await whileServersReturn(used, context, () => openCampaign(reading)) : unfinished;
      const opened = await whileServersReturn(used, context, () =>
        continueOrStart(reading, {
          options: given,
          fresh,
          unfinished: begunWith?.id ?? null,
          signal: context.interrupt,
        }),
      );
      say(opened.said);
      const warnings = await whileServersReturn(used, context, async () => {
        const gates = (await reading.campaign(opened.campaignId))?.settings.gates ?? [];
        return absentGates(reading.bus, gates, context.interrupt);
      });
      for (const warning of warnings) say(warning);
      const dashboard = used.dashboard();
      if (dashboard) say(`dashboard ${dashboard}`);
      const end = await showCampaign(context, {
        reading,
        campaignId: opened.campaignId,
        afterSequence: opened.afterSequence,
        supervised: used.states,
        dashboard: used.dashboard,
        gone: used.gone,
        hint: used.ours ? 'Ctrl-C stops everything; asi run continues' : 'Ctrl-C leaves the view; the campaign goes on',
        json,
        waitWhilePaused: false,
      });
      return finish(context, { reading, stack: used, campaignId: opened.campaignId, end, options: given });
    });
  },
});

type Finish = {
  readonly reading: Reading;
  readonly stack: UsedStack;
  readonly campaignId: string;
  readonly end: ShownEnd;
  readonly options: Options;
};

/** Leaderboard, report, what to do next; on a terminal the dashboard then stays up. */
async function finish(context: CliContext, { reading, stack, campaignId, end, options }: Finish): Promise<ExitCode> {
  if (end.why === 'interrupted') {
    if (!options.json)
      context.out.write(stack.ours ? 'interrupted: asi run continues the campaign\n' : 'the campaign goes on\n');
    return exitCodes.interrupted;
  }
  if (end.why === 'gone') throw stackEnded(campaignId);
  const paused = end.why === 'paused';
  if (paused && stack.ours) {
    const tell = (text: string) => void (options.json ? null : context.error.write(`asi: ${text}\n`));
    await awaitAnswers(reading, campaignId, { interrupt: context.interrupt, tell });
  }
  const patiently = <Result>(what: () => Promise<Result>) => whileServersReturn(stack, context, what);
  const report = await patiently(() => writeReport(reading, campaignId, context));
  if (options.json) {
    const [progress, leaderboard, failures] = await patiently(() =>
      Promise.all([reading.progress(campaignId), reading.leaderboard(campaignId), reading.failures(campaignId)]),
    );
    context.out.write(`${viewJson({ result: { state: progress?.state, progress, leaderboard, failures, report } })}\n`);
    return paused ? exitCodes.no : exitCodes.good;
  }
  const closing = await patiently(() => closingText(context, { reading, campaignId, end, report }));
  context.out.write(`${closing.join('\n')}\n`);
  if (paused) return exitCodes.no;
  if (context.out.isTerminal && options.dashboard && stack.ours && !context.interrupt.aborted) {
    const url = stack.dashboard();
    const stays = `${url ? `the dashboard stays up at ${url}` : 'the stack stays up'} until Ctrl-C`;
    context.out.write(`\n${wrap(stays, context.out.columns()).join('\n')}\n`);
    await once(context.interrupt, 'abort');
  }
  return exitCodes.good;
}
