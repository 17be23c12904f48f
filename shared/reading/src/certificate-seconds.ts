import { certificateSchema, type ExperimentRecord } from '@asi/contracts';
import type { Artifacts, Inflight } from '@asi/store';

/** CPU-seconds of certificates, by the hash of their artifact. */
export type CertificateSeconds = ReadonlyMap<string, number>;

const secondsSchema = certificateSchema.pick({ cpuSeconds: true });
const together = 32;

/** The artifacts of the certificates that a record refers to: of its design and of each revision, or the one that ended it. Each once. */
export function certificateHashesIn({
  design,
  reason,
  revisions = [],
}: Pick<ExperimentRecord, 'design' | 'reason' | 'revisions'>): string[] {
  const ended = reason?.code.startsWith('certificate-') ? reason.evidenceHash : null;
  const all = [design ? design.certificateHash : ended, ...revisions.map((one) => one.certificateHash)];
  return [...new Set(all.filter((hash) => hash !== null))];
}

/** The certificates of finished experiments and of those under way. */
export const certificateHashesOf = (
  finished: readonly ExperimentRecord[],
  underWay: readonly Inflight[],
): ReadonlyArray<string | null> => [
  ...finished.flatMap(certificateHashesIn),
  ...underWay.map(({ view }) => view.design?.certificateHash ?? null),
];

/** Reads what certificates cost; each once, because artifacts never change. */
export function keepCertificateSeconds(
  artifacts: Artifacts,
): (hashes: ReadonlyArray<string | null>) => Promise<CertificateSeconds> {
  const known = new Map<string, number>();
  const read = async (hash: string): Promise<void> => {
    const artifact = await artifacts.get(hash);
    if (!artifact) return;
    const certificate = secondsSchema.safeParse(JSON.parse(artifact.body));
    if (certificate.success) known.set(hash, certificate.data.cpuSeconds);
  };
  return async (hashes) => {
    const missing = [...new Set(hashes)].filter((hash) => hash !== null && !known.has(hash)) as string[];
    for (let start = 0; start < missing.length; start += together)
      await Promise.all(missing.slice(start, start + together).map(read));
    return known;
  };
}
