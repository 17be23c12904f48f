import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { Tiktoken } from 'js-tiktoken/lite';
import cl100k from 'js-tiktoken/ranks/cl100k_base';
import o200k from 'js-tiktoken/ranks/o200k_base';
import { expect, it } from 'vitest';
import { estimateTokens } from './estimate-tokens.ts';
import { fitSections } from './fit-sections.ts';

const root = new URL('../../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const mixers = 'gpu-runner/trainer/trainer/mixers/';

const curve = Array.from({ length: 500 }, (_, step) => 2.5 / (1 + step / 70) + Math.sin(step) / 31);
const samples: Readonly<Record<string, string>> = {
  programs: readdirSync(new URL(mixers, root))
    .filter((name) => name.endsWith('.py'))
    .map((name) => read(mixers + name))
    .join('\n'),
  prose: read('docs/how-it-works.md'),
  tables: read('docs/models.md'),
  'a curve as JSON': JSON.stringify(curve),
  'a history as JSON': read('agents/director/src/experiment/histories/v1-completed.json'),
  hashes:
    read('package-lock.json')
      .match(/sha512-\S+/g)
      ?.join('\n') ?? '',
  'letters beyond ASCII': '∑ αβγ → 線形注意 は 速い。 Ωμέγα 🚀 '.repeat(50),
};
const tokenisers = [new Tiktoken(cl100k), new Tiktoken(o200k)];

it.each(Object.entries(samples))('tokens of %s are not estimated too low, nor beyond reason', (_, text) => {
  const real = tokenisers.map((one) => one.encode(text, 'all').length);
  expect(text.length).toBeGreaterThan(1000);
  expect(estimateTokens(text)).toBeGreaterThanOrEqual(Math.max(...real));
  expect(estimateTokens(text)).toBeLessThanOrEqual(3 * Math.min(...real));
});

const sections = fc.array(fc.record({ text: fc.string({ maxLength: 60 }), priority: fc.integer({ min: 0, max: 3 }) }), {
  maxLength: 12,
});

it('sections are left out in their order, as few as the budget demands', () => {
  fc.assert(
    fc.property(sections, fc.integer({ min: 0, max: 300 }), (all, budget) => {
      const { kept, dropped, tokens } = fitSections(all, budget);
      expect(tokens).toBeLessThanOrEqual(budget);
      expect(estimateTokens(kept.map(({ text }) => text).join('\n\n'))).toBeLessThanOrEqual(tokens);
      expect(kept.length + dropped).toBe(all.length);
      expect(all.filter((one) => kept.includes(one))).toEqual(kept);

      const out = all.filter((one) => !kept.includes(one));
      for (const gone of out)
        for (const stays of kept)
          expect(
            stays.priority > gone.priority ||
              (stays.priority === gone.priority && all.indexOf(stays) > all.indexOf(gone)),
          ).toBe(true);
      if (dropped === 0) return;
      // With the last one left out back in, it would not fit.
      const least = Math.max(...out.map(({ priority }) => priority));
      const back = out.filter(({ priority }) => priority === least).at(-1);
      expect(fitSections([...kept, ...(back ? [back] : [])], budget).dropped).toBeGreaterThan(0);
    }),
  );
});
