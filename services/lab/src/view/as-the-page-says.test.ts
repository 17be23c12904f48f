import type { Status } from '@asi/reading';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { partsOfName } from './fit-name.ts';
import { stageOf } from './stage-of.ts';

// The dashboard's page is served as it stands, so it cannot import what is written in TypeScript: two rules stand twice.
const page = async <Module>(module: string): Promise<Module> =>
  (await import(new URL(`../../../observatory/public/parts/${module}`, import.meta.url).href)) as Module;
const { partsOfName: partsOnThePage } = await page<{ partsOfName(name: string): [string, string] }>('cut-name.mjs');
const { stageOf: stageOnThePage } = await page<{
  stageOf(row: { id: string; state: string }, status: Pick<Status, 'processes'> | null): string;
}>('stage.mjs');

const part = fc.constantFrom('delta', 'gated-delta', '', '9ef8', '9EF8', '15', '123456', 'a', '-', 'é');

test('the terminal, the report and the dashboard cut a name at the same place', () => {
  fc.assert(
    fc.property(fc.array(part, { maxLength: 4 }), (parts) => {
      const name = parts.join('-');
      const { stem, end } = partsOfName(name);
      expect(partsOnThePage(name)).toEqual([stem, end]);
      expect(stem + end).toBe(name);
    }),
  );
});

const state = fc.constantFrom('designing', 'training.queued', 'training.running', 'measured', 'certifying');
const task = fc.record({ experimentId: fc.constantFrom('c001-0001', 'c001-0002'), state });

test('the terminal and the dashboard say the same of where an experiment is', () => {
  fc.assert(
    fc.property(state, fc.array(fc.array(task)), (known, told) => {
      const processes = told.map((tasks) => ({ tasks })) as unknown as Status['processes'];
      const row = { id: 'c001-0001', state: known } as Parameters<typeof stageOf>[0];
      expect(stageOnThePage(row, { processes })).toBe(stageOf(row, processes));
    }),
  );
});
