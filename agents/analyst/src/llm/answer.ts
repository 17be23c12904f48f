import { citationSchema } from '@asi/contracts';
import { prose } from '@asi/llm/prose';
import { z } from 'zod';

const share = z.number().min(0).max(1);
const restsOn = z.array(z.string()).describe('ids of claims');

/** An empty text where there is nothing to say. */
const remark = z.object({ text: prose({ least: 0, most: 1200 }), restsOn });

/** What a model answers when it is asked to analyse a result. */
export const analysisAnswerSchema = z.object({
  claims: z
    .array(
      z.object({
        id: z.string().describe('c1, c2, ...'),
        subject: z.string(),
        direction: z.enum(['better', 'worse']),
        size: z.number().min(0),
        evidence: z.string(),
        confidence: share,
        statement: prose({ most: 600 }),
      }),
    )
    .max(12),
  prediction: z.object({ right: remark, wrong: remark }),
  explanations: z.array(z.object({ text: prose({ most: 1200 }), restsOn })).max(5),
  insights: z.array(z.object({ text: prose({ most: 600 }), restsOn, confidence: share })).max(4),
  citations: z.array(citationSchema.extend({ why: prose({ least: 0, most: 800 }) })).max(12),
});
export type AnalysisAnswer = z.infer<typeof analysisAnswerSchema>;
export type StatedClaim = AnalysisAnswer['claims'][number];
