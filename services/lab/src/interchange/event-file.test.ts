import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { trainerPython } from '../stack/toolchain.ts';
import { eventFile } from './event-file.ts';
import { maskedCrc } from './masked-crc.ts';
import { readScalars } from './testing/read-scalars.ts';

test('checksums are those of published examples', () => {
  const unmask = (masked: number) => {
    const rotated = (masked - 0xa282ead8) >>> 0;
    return ((rotated >>> 17) | (rotated << 15)) >>> 0;
  };
  // RFC 3720, appendix B.4, and the usual check value of a CRC.
  expect(unmask(maskedCrc(new Uint8Array(32)))).toBe(0x8a9136aa);
  expect(unmask(maskedCrc(new Uint8Array(32).fill(0xff)))).toBe(0x62a8ab43);
  expect(unmask(maskedCrc(Buffer.from('123456789')))).toBe(0xe3069283);
});

test('every scalar comes back, whatever its name, step and value', () => {
  const scalar = fc.record({
    tag: fc.string({ unit: 'grapheme', minLength: 1 }),
    step: fc.integer({ min: 0, max: 2 ** 40 }),
    value: fc.float(),
    wallTime: fc.integer({ min: 0, max: 2 ** 32 }),
  });
  fc.assert(
    fc.property(fc.array(scalar), (scalars) => {
      const read = readScalars(Buffer.from(eventFile(scalars)));
      expect(read).toEqual(scalars.map(({ wallTime: _, ...rest }) => rest));
    }),
  );
});

/** TensorBoard is not among the project's tools: where its reader is installed, it has the last word. */
const reader = `
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
events = EventAccumulator(sys.argv[1], size_guidance={"tensors": 0, "scalars": 0}).Reload()
tags = events.Tags()["scalars"]
print(json.dumps({tag: [[one.step, one.value, one.wall_time] for one in events.Scalars(tag)] for tag in tags}))
`;

function tensorboardPython(): string | null {
  const python = process.env.ASI_TENSORBOARD_PYTHON ?? trainerPython(process.env);
  try {
    execFileSync(python, ['-c', 'import tensorboard'], { stdio: 'ignore' });
    return python;
  } catch {
    return null;
  }
}

const isFull = process.env.ASI_TEST_FULL === '1';
test.runIf(isFull)(
  `the reader of TensorBoard itself reads the same${isFull ? '' : ' (skipped: with --full only)'}`,
  ({ skip }) => {
    const python = tensorboardPython();
    if (python === null) return skip('tensorboard is not installed; ASI_TENSORBOARD_PYTHON names a Python that has it');
    const folder = mkdtempSync(join(tmpdir(), 'asi-tensorboard-'));
    try {
      const scalars = [1, 20, 300].map((step) => ({
        tag: 'loss/parity',
        step,
        value: 1 / step,
        wallTime: 1.7e9 + step,
      }));
      const score = { tag: 'score/parity', step: 300, value: 0.5, wallTime: 1.7e9 };
      writeFileSync(join(folder, 'events.out.tfevents.1700000000.asi'), eventFile([...scalars, score]));
      const read = JSON.parse(execFileSync(python, ['-c', reader, folder], { encoding: 'utf8' }));
      const expected = scalars.map(({ step, value, wallTime }) => [step, Math.fround(value), wallTime]);
      expect(read).toEqual({ 'loss/parity': expected, 'score/parity': [[300, 0.5, 1.7e9]] });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  120_000,
);
