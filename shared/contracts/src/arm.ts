import { z } from 'zod';
import { languageModelChangesSchema, mindSchema } from './language-model.ts';
import { learningSchema, policyNames } from './search-names.ts';

const longestName = 24;

/** An arm of a campaign: the name of a way of thinking to which a share of the candidates belongs. */
export const armNameSchema = z
  .string()
  .max(longestName, `expected at most ${longestName} characters`)
  .regex(/^[a-z][a-z0-9-]*$/, 'expected lower-case letters, digits and dashes, a letter first')
  .brand<'ArmName'>();
export type ArmName = z.infer<typeof armNameSchema>;

/** What an experiment is told of its arm: null where its campaign is not split, of baselines, and in records of earlier versions. */
export const ownArmSchema = armNameSchema.nullable().default(null);

export const armSchema = z
  .strictObject({
    name: armNameSchema.describe('what it is called everywhere; control: the one that the others are compared with'),
    share: z
      .number()
      .int()
      .min(1)
      .max(20)
      .default(1)
      .describe('its part of the candidates, in proportion to the shares of the other arms'),
    minds: z
      .strictObject({ researcher: mindSchema, engineer: mindSchema, analyst: mindSchema, judge: mindSchema })
      .partial()
      .default({})
      .describe('where its minds differ from those of the campaign'),
    models: z
      .strictObject({
        common: languageModelChangesSchema,
        researcher: languageModelChangesSchema,
        engineer: languageModelChangesSchema,
        analyst: languageModelChangesSchema,
        judge: languageModelChangesSchema,
      })
      .partial()
      .default({})
      .describe('where its models differ from those of the campaign'),
    policy: z
      .enum(policyNames)
      .nullable()
      .default(null)
      .describe('how its parents are chosen; null: as the campaign has it'),
    learnFromInsights: learningSchema
      .nullable()
      .default(null)
      .describe('whether its designs learn from its insights; null: as the campaign has it'),
  })
  .describe('a way of thinking that a share of the candidates belongs to');
export type Arm = z.infer<typeof armSchema>;

/** Arms of a campaign: none, or two and more with different names. */
export const armsSchema = z
  .array(armSchema)
  .max(8)
  .superRefine((arms, context) => {
    if (arms.length === 1)
      context.addIssue({
        code: 'custom',
        path: [0],
        message:
          'one arm has nothing to be compared with: add another one, for example {name: control}, or leave arms out',
      });
    for (const [index, { name }] of arms.entries()) {
      if (arms.findIndex((other) => other.name === name) < index)
        context.addIssue({
          code: 'custom',
          path: [index, 'name'],
          message: `${name} is there twice; each arm needs a name of its own`,
        });
    }
  });
