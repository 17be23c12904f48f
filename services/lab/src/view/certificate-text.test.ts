import type { Certificate } from '@asi/runner-client';
import { expect, test } from 'vitest';
import { certificateText } from './certificate-text.ts';
import { paintFor } from './paint.ts';

const certificate = (verdict: Certificate['verdict']): Certificate => ({
  verdict,
  findings: [
    {
      test: 'construct',
      status: 'fail',
      kind: 'hard',
      measured: 1,
      threshold: 0,
      smallestInput: 'import',
      message: 'construct: The program imports mamba_ssm (line 1), which is not available here.',
    },
  ],
  parameters: 0,
  parameterRatio: 0,
  referenceParameters: 17_312,
  flopsPerToken: 0,
  flopExponent: 0,
  stateSize: 0,
  fingerprint: [],
  programHash: 'a'.repeat(64),
  trainerVersion: 'b'.repeat(16),
  cpuSeconds: 0.1,
});

test('a program that needs what is not here is not said to have failed a hard test', () => {
  const page = (verdict: Certificate['verdict']) => certificateText('m.py', certificate(verdict), paintFor(false, {}));
  expect(page('unsupported').join('\n')).toMatch(/missing here +construct +- /);
  expect(page('fail').join('\n')).toMatch(/fail +construct +hard /);
});
