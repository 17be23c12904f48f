import type { CostSum, Spent, TrainingJob } from '@asi/reading';
import { counted, duration, fixed } from './format.ts';

const bounded = (atMost: boolean, text: string): string => (atMost ? `at most ${text}` : text);

const notCountedWords: Readonly<Record<Spent['notCounted'][number], string>> = {
  drafts: 'certificates of draws that were thrown away',
  mending: 'probes of the engineer, and certificates of programs that it discarded or replaced',
};

/** What a campaign's jobs took in one number, with its parts. */
export function campaignSpentText({
  spentSeconds,
  atMost,
  measured,
  cpuSeconds,
  unmeasured,
  certificates,
}: CostSum): string {
  return `${bounded(atMost, duration(spentSeconds))}: ${counted(measured, 'training')} with a result ${duration(cpuSeconds)} of CPU, ${unmeasured.trainings} without one (failed, cancelled, lost) ${bounded(unmeasured.atMost, duration(unmeasured.seconds))} of the clock, ${counted(certificates.certificates, 'certificate')} ${duration(certificates.cpuSeconds)} of CPU`;
}

/** What one experiment took, every attempt at its training named; null when there is no more than its measurement tells. */
export function spentText(spent: Spent): string | null {
  const { trainings, certificates, certificateCpuSeconds, notCounted } = spent;
  const [first] = trainings;
  const isPlain =
    trainings.length === 1 && first?.end === 'measured' && certificateCpuSeconds === null && notCounted.length === 0;
  const parts = [
    ...trainings.map(
      (job) => `${trainings.length > 1 ? `training attempt ${job.attempt}` : 'training'} ${jobText(job)}`,
    ),
    ...(certificateCpuSeconds === null
      ? []
      : [
          `${certificates > 1 ? `${certificates} certificates` : 'certificate'} ${fixed(certificateCpuSeconds, 1)} CPU-seconds`,
        ]),
  ];
  const lacking = notCounted.map((one) => notCountedWords[one]);
  if (isPlain || parts.length + lacking.length === 0) return null;
  const told = [...parts, ...(lacking.length === 0 ? [] : [`not on record and not counted: ${lacking.join('; ')}`])];
  return `spent ${amountText(spent)}: ${told.join('; ')}`;
}

/** Where some of it is at most so long and other of it nowhere, the sum is no bound. */
function amountText({ seconds, atMost, notCounted }: Spent): string {
  const text = `${fixed(seconds, 1)} s`;
  if (notCounted.length === 0) return bounded(atMost, text);
  return atMost ? `about ${text}` : `≥ ${text}`;
}

function jobText({ end, code, cpuSeconds, seconds, atMost }: TrainingJob): string {
  if (end === 'measured') return `${fixed(cpuSeconds, 1)} CPU-seconds`;
  if (end === 'under-way') return 'not ended';
  return `without a result (${code ?? 'nobody reported its end'}) after ${bounded(atMost, `${fixed(seconds, 1)} s`)}`;
}
