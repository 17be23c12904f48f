import type { ExperimentId } from '@asi/contracts';
import { expect, test } from 'vitest';
import { history } from '../testing/design-command.ts';
import type { KnownDesign } from './material.ts';
import { optionalSections } from './material-text.ts';
import type { Recollection } from './recall-graph.ts';

const design = (experimentId: ExperimentId, baseline: 'mamba2' | null = null): KnownDesign => ({
  entry: history({ experimentId, name: experimentId, baseline }),
  code: '',
  certificateHash: null,
  motivation: '',
  prediction: null,
  tasks: [],
  analysis: null,
});

test('what gives way first when the context is short is the oldest design, also past the ten-thousandth', () => {
  const ids = ['c001-b03', 'c001-0002', 'c001-9999', 'c001-10000', 'c002-0001'] as ExperimentId[];
  const references = ids.map((id) => design(id, id === 'c001-b03' ? 'mamba2' : null)).toReversed();
  const known = { references, insights: [], papers: [], reference: null, experiences: {} };
  const sections = optionalSections(known as unknown as Recollection);
  expect(sections.flatMap(({ citedAs }) => citedAs ?? [])).toEqual(ids.map((id) => `experiment ${id}`));
});
