import { z } from 'zod';
import { measuredNumberSchema } from './numbers.ts';

/** Body of a curves artifact: training loss by task, as pairs of step and loss. */
export const curvesSchema = z.record(z.string(), z.array(z.tuple([z.number(), measuredNumberSchema])));
export type Curves = z.infer<typeof curvesSchema>;
