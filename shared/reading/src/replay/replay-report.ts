import { z } from 'zod';

const text = z.string().nullable();

export const divergenceSchema = z.object({
  id: z.string().describe('the experiment, `reference`, or `confirmation of` a candidate'),
  field: z.string().describe('for example measurement.languageModelLoss; empty when only one of the two has it'),
  recorded: text.describe('value on record, as JSON; null when it is not there'),
  replayed: text.describe('value of the replay, as JSON; null when it is not there'),
  question: z
    .object({
      experimentId: text.describe('for which experiment: where the diverging one asked nothing, the first that did'),
      role: z.string().describe('who asked'),
      node: z.string().describe('of its graph'),
      line: z
        .number()
        .int()
        .describe(
          'first line that differs, over all messages of the prompt; 0: the settings of the call or the version of its prompt file differ',
        ),
      recorded: text.describe('that line on record; null past its end, and where nothing like it was asked'),
      replayed: text.describe('that line in the replay'),
      failed: text.describe('how this very question failed on record, so that it has no answer there; else null'),
    })
    .nullable()
    .describe('what a model was asked there that is not in the record; null when there is no such question'),
  jobs: z.array(z.string()).describe('kinds of jobs of that experiment that the ledgers of the runners do not hold'),
});

export const trainedAgainSchema = z.object({
  experimentId: z.string().describe('whose training it was'),
  name: z.string().describe('the value: of the result, or of a task as task.value; `outcome`: how it ended'),
  recorded: z.union([z.number(), z.string()]).nullable().describe('on record'),
  again: z.union([z.number(), z.string()]).nullable().describe('trained again'),
  withinNoise: z
    .boolean()
    .nullable()
    .describe('whether two seeds differ as much by chance (95 %); null where no noise was measured'),
});

/** What `asi replay` found. */
export const replayReportSchema = z.object({
  campaignId: z.string().describe('the campaign'),
  candidates: z.number().int().describe('replayed: the first ones, as far as all are settled'),
  leftOut: z.array(z.string()).describe('what was not replayed, and why'),
  slots: z.number().int().describe('training slots of the replay; the original may have had others'),
  decisions: z.number().int().describe('experiments, reference and confirmations that are compared'),
  equalDecisions: z.number().int().describe('of them equal, from the beginning'),
  recordedDigest: z.string().describe('SHA-256 over all decisions on record'),
  replayedDigest: z.string().describe('of the replay: up to and with the first divergence, where it stopped there'),
  equal: z.boolean().describe('whether the digests are equal'),
  divergence: divergenceSchema.nullable().describe('the first, in the order of decisions; null when all are equal'),
  retrained: z
    .object({
      trainings: z.number().int().describe('done again'),
      values: z.number().int().describe('compared'),
      differences: z.array(trainedAgainSchema).describe('values that differ, in the order of decisions'),
    })
    .nullable()
    .describe('with --retrain; null without, and when the replay diverged'),
  folder: text.describe('state folder of the replay, for ASI_HOME; null when it was removed'),
});
export type ReplayReport = z.infer<typeof replayReportSchema>;
export type TrainedAgain = z.infer<typeof trainedAgainSchema>;
