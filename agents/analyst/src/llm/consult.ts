import { symptomOf, weakTasks } from '@asi/statistics';
import type { AnalyseData } from '../mind.ts';
import type { PaperHit } from '../offline/analyse.ts';
import { checkPrediction } from '../offline/prediction-check.ts';
import type { AnalystBus } from './material.ts';

const symptomsSearched = 3;
const papersPerSymptom = 2;

/**
 * Looks up what was seen: the tasks that lag behind beyond the noise (the weakest where none does), and the mechanism of a
 * prediction that failed. Each paper once.
 */
export async function consult(bus: Pick<AnalystBus, 'request'>, data: AnalyseData): Promise<readonly PaperHit[]> {
  const found = new Map<string, PaperHit>();
  for (const query of symptoms(data)) {
    const { hits } = await bus.request('searchPapers', { query, limit: papersPerSymptom });
    for (const hit of hits) if (!found.has(hit.paper._id)) found.set(hit.paper._id, hit);
  }
  return [...found.values()];
}

function symptoms({ measurement, reference, design, fitness, parent }: AnalyseData): string[] {
  const weaknesses = weakTasks(measurement, reference);
  const clear = weaknesses.filter(({ beyondNoise }) => beyondNoise);
  const tasks = (clear.length > 0 ? clear : weaknesses.slice(0, 1)).map(({ task }) => symptomOf(task));
  const { prediction } = design;
  const failed = checkPrediction(prediction, fitness.merit, parent.merit, reference.noise) === 'failed';
  return [...(failed && prediction ? [prediction.mechanism] : []), ...tasks].slice(0, symptomsSearched);
}
