import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { Tiktoken } from 'js-tiktoken/lite';
import cl100k from 'js-tiktoken/ranks/cl100k_base';
import o200k from 'js-tiktoken/ranks/o200k_base';
import { expect, it } from 'vitest';
import { estimateTokens } from './estimate-tokens.ts';
import { type FittedParts, fitParts, type Part } from './fit-parts.ts';

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

const parts = fc.array(
  fc.record({
    what: fc.constantFrom('a paper', 'a program'),
    text: fc.string({ maxLength: 400 }),
    priority: fc.integer({ min: 0, max: 3 }),
    data: fc.constantFrom(
      undefined,
      { label: 'text', keep: 'beginning' as const },
      { label: 'log', keep: 'end' as const },
    ),
  }),
  { maxLength: 8 },
);
type Given = { readonly data: Part['data'] | undefined };
const given = <One extends Given>({ data, ...part }: One) => ({ ...part, ...(data ? { data } : {}) });
const allOf = ({ texts, note }: FittedParts<Part>) => [...texts, note].filter((one) => one !== '').join('\n\n');

it('parts give way in their order, as little as the budget demands, and the prompt says so', () => {
  fc.assert(
    fc.property(parts, fc.integer({ min: 0, max: 900 }), (raw, budget) => {
      const all: Part[] = raw.map(given);
      const untouched = fitParts(all, 1e6);
      expect(untouched).toMatchObject({ left: [], remarks: [], note: '' });
      const least = fitParts(all, -1e6);
      const fitted = fitParts(all, budget);
      const tokens = estimateTokens(allOf(fitted));
      // What parts take is added up: the line between two, and that each is rounded up and begins anew.
      const slack = 4 * all.length;
      if (estimateTokens(allOf(untouched)) <= budget - slack) expect(fitted).toEqual(untouched);
      else if (estimateTokens(allOf(least)) <= budget - slack - 40) expect(tokens).toBeLessThanOrEqual(budget);

      const changed = all.map((_, place) => fitted.texts[place] !== untouched.texts[place]);
      for (const [place, part] of all.entries()) {
        if (!changed[place]) continue;
        const before = all.flatMap((other, at) =>
          (other.priority ?? 0) < (part.priority ?? 0) || (other.priority === part.priority && at < place) ? [at] : [],
        );
        for (const at of before) expect(fitted.texts[at]?.length).toBe(least.texts[at]?.length);
        const told = part.data ? fitted.texts[place] : fitted.note;
        expect(told).toContain('because the prompt was too long');
        expect(fitted.remarks.filter((one) => one.includes(part.what)).length).toBeGreaterThan(0);
      }
    }),
  );
});

it('a log keeps its end and a text its beginning, between fences that nothing in them closes', () => {
  const text = `first words ${'x y '.repeat(500)} last words`;
  const fit = (keep: 'beginning' | 'end') =>
    fitParts([{ what: 'it', text, data: { label: 'it', keep } }], 200).texts[0] ?? '';
  expect(fit('end')).toMatch(/^<<<DATA (\w+) it .*\n[\s\S]* last words\n\1 DATA>>>\n\(Left out at the beginning/);
  expect(fit('beginning')).toMatch(/^<<<DATA (\w+) it .*\nfirst words [\s\S]*\n\1 DATA>>>\n\(Left out at the end/);
});
