import { type Certificate, type EndReason, predictionWords } from '@asi/contracts';
import type { ExperimentView } from '@asi/reading';
import { analysisLines, judgementLines } from './assessment-text.ts';
import { fixed, flops, signed, thousands, withNoise } from './format.ts';
import { freshPairsText } from './fresh-pairs-text.ts';
import type { Paint } from './paint.ts';
import { remarkLines } from './remark-lines.ts';
import { revisionLines } from './revision-lines.ts';
import { spentText } from './spent-text.ts';
import { stateWords } from './state-words.ts';
import { suspectLeakWords } from './suspect-leak-words.ts';
import { textTable } from './text-table.ts';
import { printable } from './text-width.ts';
import { verdictWords } from './verdict-words.ts';

/**
 * One experiment as a page of text.
 * @param atWork whether somebody advances what is under way
 * @param certificate that of its design, as far as it can be read
 */
export function experimentText(
  view: ExperimentView,
  paint: Paint,
  atWork: boolean,
  certificate: Pick<Certificate, 'findings'> | null,
): string[] {
  const { record, standing, design } = view;
  const sections: string[][] = [
    [
      paint.bold(`${view.id}  ${printable(view.name)}`),
      `${view.kind} of campaign ${view.campaignId}${view.arm === null ? '' : `, arm ${view.arm}`}, ${stateWords(view.state, atWork)}${view.parentId ? `, parent ${view.parentId}` : ''}`,
    ],
  ];
  if (view.partOf.length > 0) sections.push(view.partOf.map(partWords));
  if (record?.reason) sections.push(reasonLines(view.id, record.reason, paint));
  if (design) {
    const { prediction } = design;
    sections.push([
      printable(design.motivation),
      ...(prediction
        ? [
            `predicted before training: ${predictionWords(prediction)} (confidence ${fixed(prediction.confidence, 2)}), because ${printable(prediction.mechanism)}`,
          ]
        : []),
      `components: ${design.components.join(', ')}`,
      ...design.citations.map(({ kind, id, why }) => `cites ${kind} ${id}: ${printable(why)}`),
    ]);
  }
  if (record?.revisions) sections.push(revisionLines(view.id, record.revisions, paint));
  const flagged = flaggedLines(view, certificate, paint);
  if (flagged.length > 0) sections.push(flagged);
  const spent = spentText(view.spent);
  const numbers = [...measured(view), ...(spent === null ? [] : [spent])];
  if (numbers.length > 0) sections.push(numbers);
  if (record?.judgement) sections.push(judgementLines(record.judgement, paint));
  if (record?.analysis) sections.push(analysisLines(record.analysis, design?.prediction ?? null, paint));
  const own = record?.fitness;
  if (own && standing && standing.runs.length > 1)
    sections.push([`this run alone: fitness ${fixed(own.total)}, merit ${fixed(own.merit)}`]);
  if (standing) {
    const count = standing.runs.length;
    const ofMany = count > 1 ? `all ${count} runs of ${printable(standing.name)} together: ` : '';
    const place = `${ofMany}rank ${standing.rank}, fitness ${withNoise(standing.fitness, standing.noise?.fitness)}, merit ${withNoise(standing.merit, standing.noise?.merit)}`;
    const { difference } = standing;
    sections.push([
      `${place}${difference ? `; to DeltaNet ${signed(difference.value)} [${signed(difference.low)}, ${signed(difference.high)}], ${verdictWords(difference)}` : ''}`,
    ]);
  }
  for (const one of view.confirmations) sections.push(freshPairsText(one, paint));
  if (view.confirmations.length > 1 && standing?.confirmation)
    sections.push([`what counts of these is confirmation ${standing.confirmation.order}`]);
  sections.push([
    paint.dim(
      `${view.artifacts.program ? `asi show ${view.id} --code prints its program, ` : ''}asi journal ${view.id} prints its messages`,
    ),
  ]);
  return sections.flatMap((section, index) => (index === 0 ? section : ['', ...section]));
}

const partWords = ({ candidateId, order, relation, of, look }: ExperimentView['partOf'][number]): string =>
  `trained for confirmation ${order} of the laboratory, of ${candidateId}: ${relation === 'candidate' ? 'the candidate itself' : `its ${relation} ${printable(of)}`}, counted from the look at ${look} pairs on; asi show ${candidateId} has all its runs and the verdict`;

function reasonLines(id: string, { code, message, evidenceHash }: EndReason, paint: Paint): string[] {
  const reason = paint.bad(`${code}: ${printable(message)}`);
  return evidenceHash ? [reason, paint.dim(`evidence: asi show ${id} --artifact ${evidenceHash}`)] : [reason];
}

/** In older records only the certificate itself knows what it holds against a program. */
function flaggedLines(
  { id, design, artifacts }: ExperimentView,
  certificate: Pick<Certificate, 'findings'> | null,
  paint: Paint,
): string[] {
  const told = certificate
    ? remarkLines(certificate, paint)
    : (design?.flags ?? []).map((test) => paint.bad(`Flagged, ${printable(test)}`));
  return told.length > 0 && artifacts.certificate
    ? [...told, paint.dim(`certificate: asi show ${id} --artifact ${artifacts.certificate}`)]
    : told;
}

function measured({ measurement, standing }: ExperimentView): string[] {
  if (!measurement) return [];
  const noise = standing?.noise;
  // The noise of a row is that of its mean; these numbers are of one run.
  const ofOneRun = (deviation: number | null | undefined) =>
    deviation == null ? undefined : deviation * Math.sqrt(standing?.runs.length ?? 1);
  const ofTask = (task: string) => ofOneRun(standing?.tasks[task]?.noise);
  const table = textTable(
    [
      { title: 'task' },
      { title: 'value', align: 'right' },
      { title: 'item noise', align: 'right' },
      { title: 'seed noise', align: 'right' },
      { title: 'loss', align: 'right' },
      { title: 'steps', align: 'right' },
    ],
    measurement.tasks.map((one) => [
      `${one.task} (${one.metric})`,
      fixed(one.value),
      `±${fixed(one.standardError)}`,
      ofTask(one.task) === undefined ? '-' : `±${fixed(ofTask(one.task))}`,
      fixed(one.loss),
      String(one.steps),
    ]),
    120,
  );
  return [
    ...table,
    `battery ${withNoise(measurement.battery, ofOneRun(noise?.battery))}, language-model loss ${withNoise(measurement.languageModelLoss, ofOneRun(noise?.languageModelLoss))} nats per byte, ${thousands(measurement.parameters.mixer)} mixer parameters, ${flops(measurement.flopsPerToken)} FLOPs per token`,
    `${fixed(measurement.cpuSeconds, 1)} CPU-seconds, runner ${printable(measurement.runner)}, isolation tier ${measurement.isolationTier}, trainer ${measurement.trainerVersion.slice(0, 12)}, seed ${measurement.seed}`,
    ...(measurement.suspectLeak ? [suspectLeakWords(measurement.suspectLeak)] : []),
  ];
}
