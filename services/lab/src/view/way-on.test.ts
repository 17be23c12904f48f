import { expect, test } from 'vitest';
import { wayOn } from './way-on.ts';

const capped = (change: object) =>
  wayOn('c001', {
    state: 'paused',
    denied: null,
    capped: { cap: 'campaign', unit: 'dollars', limit: 2, missingPrice: null, ...change },
  });

test('a campaign that a cap has paused names the option that raises it, or the file where no option does', () => {
  expect(capped({})).toContain('asi run --dollars N raises the cap of $2');
  expect(capped({ unit: 'tokens' })).toContain('asi run --tokens N raises the cap of 2 tokens');
  for (const change of [{ cap: 'role' }, { cap: 'experiment' }, { missingPrice: 'm' }])
    expect(capped(change)).toMatch(/^asi run --campaign FILE with other caps or prices under its key spending/);
});

test('a campaign whose model is denied sends to what must be mended, not to its caps', () => {
  const denied = { role: 'judge', why: 'the key in OPENAI_API_KEY is refused' };
  expect(wayOn('c001', { state: 'paused', capped: null, denied })).toMatch(
    /^once it is mended .* asi run continues c001/,
  );
});

test('a campaign that was paused otherwise, and one that has ended, name a way on too', () => {
  expect(wayOn('c001', { state: 'paused', capped: null, denied: null })).toContain('asi run continues c001');
  expect(wayOn('c001', { state: 'finished', capped: null, denied: null })).toContain('starts a further campaign');
});
