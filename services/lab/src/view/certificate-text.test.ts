import type { Certificate } from '@asi/runner-client';
import { expect, test } from 'vitest';
import { certificateText } from './certificate-text.ts';
import { paintFor } from './paint.ts';

const certificate = (status: 'fail' | 'unsupported'): Certificate => ({
  verdict: status,
  findings: [
    {
      test: 'construct',
      status,
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
  const page = (status: 'fail' | 'unsupported') => certificateText('m.py', certificate(status), paintFor(false, {}));
  expect(page('unsupported').join('\n')).toMatch(/not tested +construct +- /);
  expect(page('unsupported')).toEqual(
    expect.arrayContaining([
      'construct: The program imports mamba_ssm (line 1), which is not available here.',
      'it has no sizes and costs: a mixer could not be made from it',
    ]),
  );
  expect(page('fail').join('\n')).toMatch(/fail +construct +hard /);
});

test('what was not measured is not shown as zero', () => {
  const [finding] = certificate('fail').findings;
  const untold = {
    ...finding,
    test: 'state size',
    kind: 'reported',
    status: 'reported',
    measured: Number.NaN,
  } as const;
  const page = certificateText('m.py', { ...certificate('fail'), findings: [untold as never] }, paintFor(false, {}));
  expect(page.join('\n')).toMatch(/state size +reported +- /);
});
