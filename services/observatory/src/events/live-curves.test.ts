import { experimentIdSchema, type TrainingProgress } from '@asi/contracts';
import { describe, expect, test } from 'vitest';
import { createLiveCurves } from './live-curves.ts';

const at = '2026-01-15T09:00:00.000Z';
const progress = (experiment: string, steps: readonly number[], task = 'parity'): TrainingProgress => ({
  experimentId: experimentIdSchema.parse(experiment),
  jobId: `${experiment}-1`,
  phase: 'training',
  task,
  share: null,
  samples: steps.map((step) => ({
    task,
    step,
    steps: 200,
    loss: 1 / (1 + step),
    gradientNorm: 1,
    learningRate: 0.001,
  })),
});

describe('curves of trainings under way', () => {
  test('stay bounded however long a training is, and keep its first and last point', () => {
    const curves = createLiveCurves();
    for (let step = 1; step <= 20_000; step++) curves.see(progress('c001-0001', [step]), at);
    const curve = curves.list()[0]?.curves.parity ?? [];
    expect(curve.length).toBeLessThanOrEqual(600);
    expect(curve[0]?.step).toBe(1);
    expect(curve.at(-1)?.step).toBe(20_000);
  });

  test('begin anew when another attempt starts at the first step', () => {
    const curves = createLiveCurves();
    curves.see(progress('c001-0001', [1, 2, 3]), at);
    curves.see(progress('c001-0001', [1]), at);
    expect(curves.list()[0]?.curves.parity?.map(({ step }) => step)).toEqual([1]);
  });

  test('forget the training that was silent longest when there are too many, and a finished one at once', () => {
    const curves = createLiveCurves();
    for (let one = 1; one <= 65; one++) curves.see(progress(`c001-${String(one).padStart(4, '0')}`, [1]), at);
    const known = curves.list().map(({ experimentId }) => experimentId);
    expect(known).toHaveLength(64);
    expect(known).not.toContain('c001-0001');
    curves.forget('c001-0002');
    expect(curves.list().map(({ experimentId }) => experimentId)).not.toContain('c001-0002');
  });

  test('show a diverged loss as what it is', () => {
    const curves = createLiveCurves();
    const diverged = progress('c001-0001', [5]);
    curves.see({ ...diverged, samples: diverged.samples.map((sample) => ({ ...sample, loss: 'NaN' })) }, at);
    expect(curves.list()[0]?.loss).toBeNaN();
  });
});
