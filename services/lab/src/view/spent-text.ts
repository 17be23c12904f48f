import type { CostSum, Spent, TrainingJob } from '@asi/reading';
import { counted, duration, fixed } from './format.ts';

const bounded = (atMost: boolean, text: string): string => (atMost ? `at most ${text}` : text);

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
export function spentText({ seconds, atMost, trainings, certificateCpuSeconds }: Spent): string | null {
  const [first] = trainings;
  const isPlain = trainings.length === 1 && first?.end === 'measured' && certificateCpuSeconds === null;
  const parts = [
    ...trainings.map(
      (job) => `${trainings.length > 1 ? `training attempt ${job.attempt}` : 'training'} ${jobText(job)}`,
    ),
    ...(certificateCpuSeconds === null ? [] : [`certificate ${fixed(certificateCpuSeconds, 1)} CPU-seconds`]),
  ];
  return parts.length === 0 || isPlain
    ? null
    : `spent ${bounded(atMost, `${fixed(seconds, 1)} s`)}: ${parts.join('; ')}`;
}

function jobText({ end, code, cpuSeconds, seconds, atMost }: TrainingJob): string {
  if (end === 'measured') return `${fixed(cpuSeconds, 1)} CPU-seconds`;
  if (end === 'under-way') return 'not ended';
  return `without a result (${code ?? 'nobody reported its end'}) after ${bounded(atMost, `${fixed(seconds, 1)} s`)}`;
}
