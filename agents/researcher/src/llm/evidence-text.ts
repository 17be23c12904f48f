import type { Bus } from '@asi/bus';
import { certificateSchema, type EndReason, isObstacle } from '@asi/contracts';

const longestLog = 4000;

/** What a failed certificate found, with its numbers: what was measured, the threshold, the smallest input that shows it. */
export async function evidenceText(bus: Bus, { code, message, evidenceHash }: EndReason): Promise<string> {
  const head = `${code}: ${message}`;
  if (evidenceHash === null) return head;
  const { body } = await bus.request('getArtifact', { hash: evidenceHash });
  if (body === null) return head;
  const evidence: unknown = JSON.parse(body);
  const certificate = certificateSchema.safeParse(evidence);
  // Of a job that ended without a certificate: the end of its log.
  if (!certificate.success) return `${head}\n${JSON.stringify(evidence, null, 2).slice(-longestLog)}`;
  const failed = certificate.data.findings.filter((one) => one.status === 'fail' || isObstacle(one));
  const told = failed.map(
    ({ test, kind, measured, threshold, smallestInput, message: sentence }) =>
      `${kind === 'hard' ? 'Test' : 'Remark of the test'} "${test}": measured ${measured}, threshold ${threshold ?? 'none'}, smallest input ${smallestInput || 'not told'}.\n${sentence}`,
  );
  return [head, ...told].join('\n\n');
}
