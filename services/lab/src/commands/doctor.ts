import { campaignSettingsSchema, terminal } from '@asi/contracts';
import { Command } from 'commander';
import { withModelsOfEnvironment } from '../campaign-file/models-of-environment.ts';
import { readCampaignFile } from '../campaign-file/read-campaign-file.ts';
import { examinations } from '../doctor/examinations.ts';
import { examineModels } from '../doctor/examine-models.ts';
import type { Finding } from '../doctor/finding.ts';
import { paintFor } from '../view/paint.ts';
import { proofLines } from '../view/proof-lines.ts';
import { printable } from '../view/text-width.ts';
import type { CliContext } from './cli-context.ts';
import { type CommandDefinition, withExample } from './command-definition.ts';
import { exitCodes } from './exit-codes.ts';

type Options = { readonly json?: boolean; readonly llm?: boolean; readonly campaign?: string };

/** `asi doctor`: whether this machine can run the laboratory, and what to do where it cannot. */
export const doctorCommand: CommandDefinition = (context) => ({
  command: withExample(
    new Command('doctor')
      .description(
        'examine this machine: Node, Python, PyTorch, servers, disk, isolation; exit code 1 when something is missing',
      )
      .option(
        '--llm',
        'examine the language models instead, by a few small requests that cost what they cost: whether they answer, stream, keep to a schema, report usage and tell their context; roles with equal settings are asked once',
      )
      .option(
        '--campaign <file>',
        'with --llm: settings of the models of each role (without it: those of the environment, see docs/minds/endpoints.md)',
      )
      .option('--json', 'one JSON value (see docs/json.md)'),
    'asi doctor',
    'ASI_MODEL=gpt-5-mini asi doctor --llm',
    'asi doctor --llm --campaign my-campaign.yaml',
  ),
  run: async ([given]) => {
    const options = given as Options;
    const paint = paintFor(context.out.isTerminal, context.env);
    const found: Finding[] = [];
    const marks = { good: paint.good('good   '), remark: paint.accent('remark '), missing: paint.bad('missing') };
    try {
      for await (const finding of findingsOf(context, options)) {
        found.push(finding);
        if (!options.json)
          context.out.write(
            `${marks[finding.verdict]} ${finding.what.padEnd(16)} ${printable(finding.found)}${finding.advice ? `; ${printable(finding.advice)}` : ''}\n${proofLines(finding.isolation).join('')}`,
          );
        if (context.interrupt.aborted) return exitCodes.interrupted;
      }
    } catch (error) {
      if (context.interrupt.aborted) return exitCodes.interrupted;
      throw error;
    }
    if (options.json) context.out.write(`${JSON.stringify({ findings: found }, null, 2)}\n`);
    return found.some(({ verdict }) => verdict === 'missing') ? exitCodes.no : exitCodes.good;
  },
});

async function* findingsOf(context: CliContext, { llm, campaign }: Options): AsyncGenerator<Finding> {
  if (llm) {
    const ofFile = campaign !== undefined;
    const settings = ofFile ? readCampaignFile(campaign) : campaignSettingsSchema.parse({});
    yield* examineModels(context, withModelsOfEnvironment(settings, context.env, !ofFile), ofFile);
    return;
  }
  if (campaign !== undefined) throw terminal('usage', '--campaign is an option of asi doctor --llm');
  for (const examine of examinations) yield await examine(context);
}
