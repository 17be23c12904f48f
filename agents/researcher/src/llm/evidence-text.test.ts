import { expect, test } from 'vitest';
import { scriptedBus } from '../testing/scripted-bus.ts';
import { certificate, leak } from '../testing/scripted-runner.ts';
import { evidenceText } from './evidence-text.ts';

const reasonWith = async (bus: ReturnType<typeof scriptedBus>['bus'], evidence: unknown) => {
  const { hash } = await bus.request('putArtifact', { body: JSON.stringify(evidence), mediaType: 'application/json' });
  return { code: 'crashed', message: 'it crashed', evidenceHash: hash };
};

test('a certificate is told by what failed, with remarks and without what passed', async () => {
  const { bus } = scriptedBus();
  const passed = { ...leak, test: 'lengths', status: 'pass' as const };
  const remark = { ...leak, test: 'op count', kind: 'soft' as const, threshold: null, message: 'too many operators' };
  const text = await evidenceText(bus, await reasonWith(bus, certificate('p', [passed, leak, remark])));
  expect(text).toContain('Test "causality by values": measured 0.8125, threshold 0.00001, smallest input B=2 T=34');
  expect(text).toContain('Remark of the test "op count": measured 0.8125, threshold none');
  expect(text).not.toContain('lengths');
});

test('what a program needs and is not here is told like a failed test, though it is none', async () => {
  const { bus } = scriptedBus();
  const missing = { ...leak, test: 'construct', status: 'unsupported' as const, message: 'it imports mamba_ssm' };
  const text = await evidenceText(bus, await reasonWith(bus, certificate('p', [missing])));
  expect(text).toContain('Test "construct"');
  expect(text).toContain('it imports mamba_ssm');
});

test('of a job that died the end of its log is told, where the error stands', async () => {
  const { bus } = scriptedBus();
  const logTail = `${'noise\n'.repeat(2000)}IndexError: head 3`;
  const text = await evidenceText(bus, await reasonWith(bus, { logTail }));
  expect(text).toContain('it crashed');
  expect(text).toContain('IndexError: head 3');
  expect(text.length).toBeLessThan(5000);
});
