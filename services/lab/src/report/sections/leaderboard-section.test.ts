import type { LeaderboardRow } from '@asi/reading';
import { sampleCampaign, sampleScores } from '@asi/reading/testing';
import { expect, test } from 'vitest';
import { leaderboardSection } from './leaderboard-section.ts';

test('a name of any length is folded with the whole one under the pointer, and cannot leave its attribute', () => {
  const long = `${'gated-delta-net-'.repeat(12)}" onmouseover="alert(1)`;
  const { markup } = leaderboardSection(sampleScores(sampleCampaign({ hostileName: long })));
  const safe = long.replaceAll('"', '&quot;');
  expect(markup).toContain(`<span class="name" title="${safe}"><span class="folded">${safe}</span></span>`);
  expect(markup).not.toContain(long);
});

test('names of the same parts can be told apart where they are folded: their ends are not cut', () => {
  const { markup } = leaderboardSection(
    sampleScores(sampleCampaign({ hostileName: 'delta-gated-decay-softmax-router-ab12' })),
  );
  expect(markup).toContain('<span class="folded">delta-gated-decay-softmax-router</span>-ab12</span>');
});

test('the report marks a flagged program, and says of a difference that fresh seeds took back why it does not count', () => {
  const scores = sampleScores(sampleCampaign());
  const [best] = scores.leaderboard.rows.filter(({ kind }) => kind === 'candidate');
  const difference = { value: 0.501, low: 0.007, high: 0.995, verdict: 'inside-noise' } as const;
  const sectionWith = (change: Partial<LeaderboardRow>) =>
    leaderboardSection({
      leaderboard: {
        ...scores.leaderboard,
        rows: scores.leaderboard.rows.map((row) => ({ ...row, flags: [], ...(row === best ? change : {}) })),
      },
    }).markup;
  const marked = sectionWith({ flags: ['hidden <tables>'], difference });
  expect(marked).toContain('<span class="tag">provisional, flagged</span>');
  expect(marked).toContain(`hidden &lt;tables&gt; (${best?.id})`);
  expect(marked).toContain('not shown again by fresh seeds');
  const plain = sectionWith({});
  expect(plain).not.toContain('flagged');
  expect(plain).not.toContain('not shown again');
});
