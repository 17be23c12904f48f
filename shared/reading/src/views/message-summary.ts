import {
  catalogue,
  type DataOf,
  type Envelope,
  type GateAnswered,
  type GateAsked,
  type MessageName,
  predictionWords,
} from '@asi/contracts';
import { possibleDeviation } from '@asi/statistics';

type Summaries = { readonly [Name in MessageName]?: (data: DataOf<Name>) => string };

const number = (value: number) => (Number.isFinite(value) ? value.toFixed(3) : String(value));
const reasonOf = ({ reason }: { reason: { code: string; message: string } | null }) =>
  reason ? `${reason.code}: ${reason.message}` : 'no reason given';
const describe = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : value !== null && typeof value === 'object'
      ? Object.entries(value)
          .map(([key, inner]) => `${key}.${describe(inner)}`)
          .join(' + ')
      : String(value);

const summaries: Summaries = {
  startCampaign: ({ settings }) =>
    `start "${settings.title}": ${settings.budget.candidates} candidates, ${settings.policy}`,
  continueCampaign: ({ campaignId, spending }) =>
    `continue ${campaignId}${spending ? ` with other ${Object.keys(spending).join(', ')} of its spending` : ''}`,
  pauseCampaign: ({ campaignId }) => `pause ${campaignId}`,
  cancelCampaign: ({ campaignId }) => `cancel ${campaignId}`,
  cancelExperiment: ({ experimentId }) => `cancel ${experimentId}`,
  campaignStarted: ({ campaignId, settings }) => `campaign ${campaignId} "${settings.title}" started`,
  campaignChanged: ({ campaignId, state, note }) => `campaign ${campaignId} is ${state}${note ? `: ${note}` : ''}`,
  referenceSet: ({ reference }) =>
    `baselines measured: DeltaNet battery ${number(reference.baseline.battery)}, loss ${number(reference.baseline.languageModelLoss)}; noise of merit ±${number(possibleDeviation(reference.noise.merit))}`,
  confirmCandidate: ({ experimentId, seeds }) => `confirm ${experimentId} with up to ${seeds} fresh seeds`,
  confirmationPlanned: ({ confirmation }) =>
    `${confirmation.candidateId} is sent to confirmation ${confirmation.order} of the laboratory: against ${confirmation.against.map(({ name }) => name).join(' and ')}, ${confirmation.seeds.length} fresh seeds at most, level ${(100 * confirmation.level).toFixed(2)} %`,
  confirmationConcluded: ({ result }) =>
    `${result.candidateId} ${result.status.replace('-', ' ')} with ${result.pairs} fresh seeds: ${result.why}`,
  sampled: ({ name, kind, parentId, policy, seed }) =>
    kind === 'confirmation'
      ? `${name} is trained again with fresh seed ${seed}`
      : kind === 'baseline'
        ? `baseline ${name} sampled`
        : `candidate sampled: ${policy} chose parent ${parentId ?? 'none'}`,
  design: ({ parent, attempt }) => `design from ${parent.name}${attempt > 1 ? `, attempt ${attempt}` : ''}`,
  designed: ({ design }) =>
    `designed ${design.name}${design.prediction ? `, predicted ${predictionWords(design.prediction)}` : ''}`,
  designRejected: (data) => `design rejected, ${reasonOf(data)}${data.twinOf ? ` (twin of ${data.twinOf})` : ''}`,
  designFailed: (data) => `design failed, ${reasonOf(data)}`,
  train: ({ suite, attempt }) => `train on ${suite}${attempt > 1 ? `, attempt ${attempt}` : ''}`,
  cancelTraining: ({ why }) => `stop training: ${why}`,
  trainingStarted: ({ runner, isolationTier }) => `training on ${runner}, isolation tier ${isolationTier}`,
  trained: ({ measurement }) =>
    `trained: battery ${number(measurement.battery)}, loss ${number(measurement.languageModelLoss)}, ${measurement.cpuSeconds.toFixed(1)} CPU-s`,
  trainingFailed: (data) => `training failed, ${reasonOf(data)}`,
  judge: ({ name }) => `judge ${name}`,
  judged: ({ judgement }) => `judged ${judgement.total.toFixed(1)} of 10`,
  judgingFailed: (data) => `judging failed, ${reasonOf(data)}`,
  analyse: ({ name }) => `analyse ${name}`,
  analysed: ({ analysis }) =>
    `analysed${analysis.predictionHeld ? `: the prediction ${{ held: 'held', failed: 'failed', undecided: 'is undecided' }[analysis.predictionHeld]}` : ''}`,
  analysingFailed: (data) => `analysis failed, ${reasonOf(data)}`,
  modelCalled: ({ role, node, model, state, usage, dollars, error }) =>
    `${role} asked ${model} (${node}): ${
      state === 'answered'
        ? `${usage ? `${usage.input} tokens in, ${usage.output} out` : 'answered'}${dollars === null ? '' : `, $${dollars.toFixed(4)}`}`
        : `${state}, ${error}`
    }`,
  spendingCapped: ({ why }) => why,
  modelDenied: ({ role, why }) => `the language model of the ${role} is not to be had: ${why}`,
  settled: (data) =>
    data.outcome === 'completed'
      ? `${data.name} completed${data.fitness?.total == null ? '' : `: fitness ${number(data.fitness.total)}, merit ${number(data.fitness.merit)}`}`
      : `${data.name} ${data.outcome}, ${reasonOf(data)}`,
  transition: ({ from, event, to }) => `${describe(from)} → ${describe(to)} by ${event}`,
  ignored: ({ type, why }) => `ignored ${type}: ${why}`,
};

const byType = new Map<string, (data: never) => string>(
  Object.entries(summaries).map(([name, summary]) => [
    catalogue[name as MessageName].type,
    summary as (data: never) => string,
  ]),
);

const gateMoments = { designed: 'before training', assessed: 'before the result counts' } as const;
const gateWords = { allow: 'allows', veto: 'vetoes' } as const;

/**
 * A message in one line for people.
 * @param owner the role that a command goes to: the question to a gate is the same for every role
 */
export function summaryOf({ type, data }: Pick<Envelope, 'type' | 'data'>, owner: string): string {
  const known = byType.get(type);
  if (known) return known(data as never);
  if (type === 'asi.gate.asked.v1') return `${owner} is asked ${gateMoments[(data as GateAsked).stage]}`;
  if (type === 'asi.gate.answered.v1') {
    const { verdict, why } = data as GateAnswered;
    return `${gateWords[verdict]}${why ? `: ${why}` : ''}`;
  }
  if (type === 'asi.dead-letter.v1') {
    const { code, why } = data as { code: string; why: string };
    return `dead letter of the ${owner}, ${code}: ${why}`;
  }
  return type;
}
