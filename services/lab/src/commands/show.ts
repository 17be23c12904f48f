import { type Certificate, certificateSchema, terminal } from '@asi/contracts';
import type { Reading } from '@asi/reading';
import { Command } from 'commander';
import { experimentText } from '../view/experiment-text.ts';
import { paintFor } from '../view/paint.ts';
import { printableLines } from '../view/text-width.ts';
import { type CommandDefinition, withExample } from './command-definition.ts';
import { exitCodes } from './exit-codes.ts';
import { isAtWork } from './is-at-work.ts';
import { noExperiment } from './no-experiment.ts';
import { withReading, writeJson } from './with-reading.ts';

type Options = { readonly json?: boolean; readonly code?: boolean; readonly artifact?: string };

/** `asi show ID`: one experiment, finished or under way. */
export const showCommand: CommandDefinition = (context) => ({
  command: withExample(
    new Command('show')
      .description('one experiment: design and prediction, numbers with noise, judgement, analysis')
      .argument('<id>', 'the experiment, for example c001-0007')
      .option('--code', 'only its program')
      .option('--artifact <hash>', 'only the body of this artifact')
      .option('--json', 'one JSON value (see docs/json.md)'),
    'asi show c001-0007',
    'asi show c001-0007 --code > mixer.py',
  ),
  run: async ([id, options]) => {
    const { json, code, artifact } = options as Options;
    return withReading(context, async (reading, stack) => {
      const view = await reading.experiment(id as string);
      if (!view) throw await noExperiment(reading, id as string);
      if (code || artifact) {
        const hash = artifact ?? view.artifacts.program;
        if (!hash)
          throw terminal(
            'no-program',
            `${view.id} has no program of its own: ${view.record?.baseline ? 'it is a built-in baseline (gpu-runner/trainer/trainer/mixers)' : view.record ? 'it was not designed' : 'it is under way and not designed yet'}`,
          );
        const body = await bodyOf(reading, hash);
        context.out.write(context.out.isTerminal ? printableLines(body) : body);
        return exitCodes.good;
      }
      if (json) writeJson(context, view);
      else {
        const paint = paintFor(context.out.isTerminal, context.env);
        const atWork = view.finished || (await isAtWork(reading, stack));
        const certificate = await certificateOf(reading, view.artifacts.certificate);
        context.out.write(`${experimentText(view, paint, atWork, certificate).join('\n')}\n`);
      }
      return exitCodes.good;
    });
  },
});

const findingsSchema = certificateSchema.pick({ findings: true });

/** Null where it is lost or not readable, which keeps nothing else from being shown. */
async function certificateOf(
  reading: Pick<Reading, 'artifact'>,
  hash: string | null,
): Promise<Pick<Certificate, 'findings'> | null> {
  const found = hash === null ? null : await reading.artifact(hash);
  if (!found) return null;
  try {
    return findingsSchema.safeParse(JSON.parse(found.body)).data ?? null;
  } catch {
    return null;
  }
}

async function bodyOf(reading: Reading, hash: string): Promise<string> {
  const found = await reading.artifact(hash);
  if (!found) throw terminal('no-artifact', `there is no artifact ${hash}; asi show ID --json lists the hashes`);
  return found.body;
}
