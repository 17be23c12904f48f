import { confirmationRunIdOf, type ExperimentId, type ExperimentRecord, type Random } from '@asi/contracts';
import { levelOf, looksFor } from '@asi/statistics';
import type { SampleCampaign } from './sample-campaign.ts';
import { type Qualities, sampleMeasurement } from './sample-numbers.ts';

const seeds = [101, 102, 103, 104, 105, 106, 107, 108];

/** The campaign after its first completed candidate was trained again with fresh seeds, as good as `qualities` say. */
export function withConfirmation(
  sample: SampleCampaign,
  qualities: { readonly candidate: Qualities; readonly deltaNet: Qualities },
  random: Random,
): SampleCampaign {
  const { campaign, experiments } = sample;
  const candidate = experiments.find((one) => one.kind === 'candidate' && one.outcome === 'completed');
  const anchor = experiments.find((one) => one.baseline === 'delta-net');
  if (!candidate || !anchor) throw new RangeError('the sample has no completed candidate');
  const idOf = (place: string) => (seed: number) => confirmationRunIdOf(campaign._id, place, seed);
  const candidateRun = idOf(candidate._id.slice(campaign._id.length + 1));
  const anchorRun = idOf('delta-net');
  const again = (_id: ExperimentId, of: ExperimentRecord, seed: number, true_: Qualities): ExperimentRecord => ({
    ...of,
    _id,
    kind: 'confirmation',
    ordinal: null,
    seed,
    parentId: null,
    referenceIds: [],
    design: null,
    judgement: null,
    analysis: null,
    fitness: null,
    measurement: sampleMeasurement(true_, seed, random).measurement,
  });
  return {
    ...sample,
    campaign: {
      ...campaign,
      candidatesEndedAt: candidate.finishedAt,
      confirmations: [
        {
          candidateId: candidate._id,
          order: 1,
          requestedBy: 'plan',
          requestId: '',
          level: levelOf(1),
          rule: 'larger-spread',
          looks: looksFor(seeds.length),
          seeds,
          runs: seeds.map(candidateRun),
          against: [{ relation: 'baseline', id: 'delta-net', name: 'delta-net', runs: seeds.map(anchorRun) }],
          closed: null,
          concludedAt: candidate.finishedAt,
        },
      ],
    },
    experiments: [
      ...experiments,
      ...seeds.flatMap((seed) => [
        again(candidateRun(seed), candidate, seed, qualities.candidate),
        again(anchorRun(seed), anchor, seed, qualities.deltaNet),
      ]),
    ],
  };
}
