import { citationSchema, predictionSchema } from '@asi/contracts';
import { prose } from '@asi/llm/prose';
import { programSchema } from '@asi/runner-client';
import { z } from 'zod';

const code = z
  .string()
  .refine((text) => /^class Mixer\b/m.test(text), 'the program must define a class named Mixer at its top level')
  .refine(
    (source) => programSchema.safeParse({ origin: 'foreign', source }).success,
    'the program is longer than a runner takes',
  )
  .describe('the complete Python program, nothing left out');

// What an answer says travels in the messages of all its descendants, and a message has a limit.
const components = z
  .array(z.string())
  .max(16)
  .describe('what it has otherwise than its parent, each as slot=option in the given words where they fit');

const citations = z
  .array(citationSchema.extend({ why: prose({ least: 0, most: 800 }).describe('what it is cited for') }))
  .max(16)
  .describe('what the idea came from, each by an id that was shown');

export const summaryAnswerSchema = z.object({ experience: prose({ least: 20, most: 4000 }) });

export const designAnswerSchema = z.object({
  name: prose({ least: 3 }).describe('a few words with dashes, for example reflecting-delta-two-timescales'),
  motivation: prose({ least: 40, most: 6000 }),
  prediction: predictionSchema.omit({ metric: true }).extend({
    size: z.number().min(0).max(1),
    mechanism: prose({ least: 0, most: 3000 }).describe('why, in words'),
  }),
  components,
  citations,
  code,
});
export type DesignAnswer = z.infer<typeof designAnswerSchema>;

export const repairAnswerSchema = z.object({
  diagnosis: prose({ least: 10, most: 3000 }).describe('what in the code caused the finding'),
  components,
  code,
});
export type RepairAnswer = z.infer<typeof repairAnswerSchema>;

export const citationsAnswerSchema = z.object({ citations });

export const noveltyAnswerSchema = z.object({
  comparisons: z.array(
    z.object({
      id: z.string(),
      sameProblem: z.boolean(),
      sameApproach: z.boolean(),
      sameScope: z.boolean(),
      sameContribution: z.boolean(),
      reason: prose({ least: 0, most: 1500 }),
    }),
  ),
});
export type NoveltyAnswer = z.infer<typeof noveltyAnswerSchema>;

/** A verdict on these earlier designs: one that passes over any of them would let a repetition pass as new. */
export const noveltyAnswerAbout = (shown: readonly string[]) =>
  noveltyAnswerSchema.superRefine(({ comparisons }, { addIssue }) => {
    const missing = shown.filter((id) => !comparisons.some((one) => one.id === id));
    if (missing.length > 0)
      addIssue({
        code: 'custom',
        path: ['comparisons'],
        message: `compare the new design with each earlier one that was shown, by its id: nothing is said of ${missing.join(', ')}`,
      });
  });
