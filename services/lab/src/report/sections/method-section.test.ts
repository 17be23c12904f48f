import { sampleCampaign } from '@asi/reading/testing';
import { expect, test } from 'vitest';
import { readSample } from '../../testing/read-sample.ts';
import { gatherReport } from '../report-data.ts';
import { methodSection } from './method-section.ts';

test('what costs runner time and stands in no sum is named: the cost of a campaign would look whole', async () => {
  const reading = await readSample(sampleCampaign({ candidates: 6, wanted: 6, underWay: 0, state: 'finished' }));
  const data = await gatherReport(reading, 'c001', new Date(0));
  if (!data) throw new Error('the sample is a campaign');
  const [sentence = ''] = /Not counted are [^.]*\./.exec(methodSection(data).markup) ?? [];
  expect(data.costs.baselines.certificates.certificates, 'once counted, they are not to be named').toBe(0);
  for (const part of ['thrown away', 'given up', 'baselines', 'engineer', 'probes']) expect(sentence).toContain(part);
});
